import Foundation
import Glibc
import PtyTesting

/// A file system of some kilobytes that only one program and its children see, for as long as that runs.
struct TinyDisk {
  let folder: String
  let kilobytes: Int

  /// Who is root may mount, where the container lets anybody.
  static let isPossible =
    geteuid() == 0
    && (try? output(of: ["/usr/bin/unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status) == 0

  init(_ scratch: Scratch, kilobytes: Int) throws {
    folder = "\(scratch.path)/disk-\(kilobytes)"
    self.kilobytes = kilobytes
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// What runs a program on the disk, with a file on it where one is named; the program's process is the one that is started.
  func program(with file: String? = nil) -> [String] {
    let script =
      "mount -t tmpfs -o size=\(kilobytes)k none \"$1\" && { test -z \"$2\" || cp \"$2\" \"$1\"; } && shift 2 && exec \"$@\""
    return ["/usr/bin/unshare", "-m", "sh", "-c", script, "sh", folder, file ?? ""]
  }

  /// Makes room while a process runs on it.
  func grow(_ process: Int32) throws {
    let grown = try output(
      of: ["/usr/bin/nsenter", "-t", "\(process)", "-m", "mount", "-o", "remount,size=16m", "none", folder])
    guard grown.status == 0 else { throw PlainRun.Unheard(wanted: "a larger disk", heard: grown.errors) }
  }

  /// Copies what a ledger is made of to another folder, while a process runs on the disk.
  func copy(from process: Int32, to other: String) throws {
    let inside = "/proc/\(process)/root\(folder)"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: inside) where name.contains(".sqlite") {
      try Data(contentsOf: URL(filePath: inside + "/" + name)).write(to: URL(filePath: other + "/" + name))
    }
  }
}
