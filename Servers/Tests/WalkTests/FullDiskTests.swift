import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// A file system of eight megabytes that only one program sees, for as long as it runs.
private struct SmallDisk {
  let folder: String
  let ledger: String
  let terminal: Pty

  /// Whoever is not root becomes it in a world of its own, as far as mounting goes.
  private static let world = geteuid() == 0 ? "-m" : "-rm"

  /// Some containers allow nobody to mount.
  static let isPossible =
    (try? output(of: ["/usr/bin/unshare", world, "mount", "-t", "tmpfs", "none", "/mnt"]).status) == 0

  /// Opens the workbench on a copy of a desk's ledger there.
  init(_ desk: Desk) throws {
    folder = desk.scratch.path + "/disk"
    ledger = folder + "/\(desk.name).sqlite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let script =
      "mount -t tmpfs -o size=8m none \"$1\" && cp \"$2\" \"$1\" && shift 2 && exec \"$@\" --ledger \(ledger)"
    terminal = try Pty(
      "/usr/bin/unshare",
      [Self.world, "sh", "-c", script, "sh", folder, "\(desk.scratch.path)/\(desk.name).sqlite"]
        + [Paths.mds, "open"] + desk.target.dropLast(2))
  }

  /// The folder as one sees it from outside.
  private var inside: String { "/proc/\(terminal.process)/root\(folder)" }

  /// Writes until nothing more fits.
  func fill() throws {
    let file = open(inside + "/filler", O_CREAT | O_WRONLY | O_APPEND, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    let block = [UInt8](repeating: 1, count: 4096)
    while write(file, block, block.count) > 0 {}
    #expect(errno == ENOSPC)
  }

  func free() throws { try FileManager.default.removeItem(atPath: inside + "/filler") }

  /// Copies what the ledger is made of to another folder.
  func copy(to other: String) throws {
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: inside) where name.contains(".sqlite") {
      try Data(contentsOf: URL(filePath: inside + "/" + name)).write(to: URL(filePath: other + "/" + name))
    }
  }
}

@Suite("A disk that is full")
struct FullDiskTests {
  @Test(
    "has neither a bundle nor its signature where there is no room for both, and a device gets none",
    .enabled(if: TinyDisk.isPossible, "nobody may mount here"))
  func bundles() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    try ana.judge(12)
    let disk = try TinyDisk(lab.scratch, kilobytes: 16)
    let script = "shift 2; \"$@\"; echo ended with $?; ls -A \"\(disk.folder)\""
    let full = try output(
      of: disk.program() + ["sh", "-c", script, "sh", "-", "-", Paths.mds, "sync", "--to", disk.folder] + ana.target)
    #expect(full.text == "ended with 1\n" && full.errors.contains("No space left on device"), "\(full)")
    let device = try ana.mds(["sync", "--to", "/dev/full"])
    #expect(device.status == 5 && device.errors.contains("/dev/full is a device"), "\(device)")
    #expect(!FileManager.default.fileExists(atPath: "/dev/full.sig"))
  }

  @Test(
    "holds every judgement that was shown as saved and no other; with room again the same judgement is saved",
    .enabled(if: SmallDisk.isPossible, "nobody may mount here"))
  func full() throws {
    let lab = try Lab()
    defer { lab.close() }
    let desk = try lab.desk("ana")
    let disk = try SmallDisk(desk)
    let terminal = disk.terminal
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.send("as")
    try terminal.expect("done today 1")
    try disk.fill()
    // The log of the database may have room from before.
    var saved = 1
    while saved < 40 {
      try terminal.send("as")
      let screen = try terminal.wait(for: "a word on the judgement") {
        $0.contains("done today \(saved + 1)") || $0.contains("not saved")
      }
      if screen.contains("not saved") { break }
      saved += 1
    }
    #expect(terminal.screen.contains("not saved: the disk is full"), "\(terminal.screen.text)")
    #expect(terminal.screen.contains("done today \(saved)"))
    try disk.free()
    try terminal.send("s")
    try terminal.expect("done today \(saved + 1)")
    try disk.copy(to: lab.path + "/copy")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))

    let copy = desk.target.dropLast() + [lab.path + "/copy/ana.sqlite"]
    let verified = try output(of: [Paths.mds, "feedback", "verify"] + copy)
    #expect(verified.status == 0, "\(verified.text) \(verified.errors)")
    let listed = try output(of: [Paths.mds, "feedback", "list"] + copy).text
    let judgements = listed.split(separator: "\n").filter { $0.split(separator: " ").contains("judgement") }
    #expect(judgements.count == saved + 1, "\(listed)")
  }
}
