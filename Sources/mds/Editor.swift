import Domain
import Glibc
import Operations

/// The user's own editor and pager, on a private file.
enum Editor {
  /// The text as it was saved; nil where it was not changed or the editor failed.
  static func edit(_ text: String) -> String? {
    let editor = Machine.environment("VISUAL") ?? Machine.environment("EDITOR") ?? "vi"
    return onFile(text, suffix: ".json") { path in
      guard run(editor, path) == 0, let bytes = Files.read(path) else { return nil }
      let edited = String(decoding: bytes, as: UTF8.self)
      return edited == text ? nil : edited
    }
  }

  /// Shows a text until the pager is left; false where there is none.
  static func view(_ text: String) -> Bool {
    let pagers = Machine.environment("PAGER").map { [$0] } ?? ["less", "more"]
    return onFile(text, suffix: ".txt") { path in pagers.contains { run($0, path) == 0 } } ?? false
  }

  /// Writes a text to a private file for a while.
  private static func onFile<Value>(_ text: String, suffix: String, _ body: (String) -> Value?) -> Value? {
    var name = Array("\(Machine.environment("TMPDIR") ?? "/tmp")/mds-XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&name, Int32(suffix.utf8.count))
    guard descriptor >= 0 else { return nil }
    close(descriptor)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unlink(path) }
    guard (try? Files.write(Array(text.utf8), to: path)) != nil else { return nil }
    return body(path)
  }

  /// Runs the user's program on the file. It may hold arguments, so a shell reads it; the path is ours and harmless.
  private static func run(_ program: String, _ path: String) -> Int32 {
    run(["/bin/sh", "-c", "\(program) \"$0\"", path])
  }

  private static func run(_ words: [String]) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    guard posix_spawn(&process, words[0], nil, nil, arguments, environ) == 0 else { return -1 }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status
  }
}
