import Domain
import Glibc
import Operations
import Shell

/// The user's own editor and pager, on a private file.
enum Editor {
  /// What became of the text, which is in a file whose name ends so.
  static func edit(_ text: String, suffix: String) -> Edited {
    let asked = Machine.environment("VISUAL") ?? Machine.environment("EDITOR")
    let edited: Edited? = onFile(text, suffix: suffix) { path in
      if let reason = run(asked.map { [$0] } ?? ["vi", "nano"], path, "editor", "EDITOR") { return .failed(reason) }
      guard let bytes = Files.read(path) else { return .failed("the editor left no file") }
      let edited = String(decoding: bytes, as: UTF8.self)
      return edited == text ? .same : .changed(edited)
    }
    return edited ?? .failed(noFile)
  }

  /// Shows a text until the pager is left: nil, or why that failed. A PAGER that is not there gives way to those that
  /// most machines have.
  static func view(_ text: String) -> String? {
    let pagers = (Machine.environment("PAGER").map { [$0] } ?? []) + ["less", "more"]
    return onFile(text, suffix: ".txt") { path in
      let reason = run(pagers, path, "pager", "PAGER")
      if reason == nil, let first = pagers.first, waitsForNobody(first) { waitForEnter() }
      return .some(reason)
    } ?? noFile
  }

  /// Whether a pager only writes: mds would be back before anybody has read a line.
  private static func waitsForNobody(_ program: String) -> Bool {
    program.split(separator: " ").first?.split(separator: "/").last == "cat"
  }

  private static func waitForEnter() {
    _ = ForegroundProgram.run(["/bin/sh", "-c", "printf '\nEnter goes back to mds '; read -r _"])
  }

  private static var folder: String { Machine.environment("TMPDIR") ?? "/tmp" }
  private static var noFile: String { "no file could be written in \(folder): set TMPDIR" }

  /// Writes a text to a private file for a while.
  private static func onFile<Value>(_ text: String, suffix: String, _ body: (String) -> Value?) -> Value? {
    var name = Array("\(folder)/mds-XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&name, Int32(suffix.utf8.count))
    guard descriptor >= 0 else { return nil }
    close(descriptor)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unlink(path) }
    guard (try? Files.write(Array(text.utf8), to: path)) != nil else { return nil }
    return body(path)
  }

  /// Runs the first of the user's programs that is there on the file. One may hold arguments, so a shell reads it; the
  /// path is ours and harmless.
  /// - Returns: nil, or why none of them did its work.
  private static func run(_ programs: [String], _ path: String, _ kind: String, _ variable: String) -> String? {
    let loss = variable == "EDITOR" ? ", what it did was not taken" : ""
    for program in programs {
      switch ForegroundProgram.run(["/bin/sh", "-c", "\(program) \"$0\"", path]) {
      case .code(0): return nil
      // What a shell says of what is not there, or cannot be run.
      case .code(126), .code(127), .unstarted: continue
      // How a shell says what ended the program that it ran.
      case .code(let code) where code > 128: return "signal \(code - 128) ended the \(kind)\(loss): \(program)"
      case .code(let code): return "the \(kind) ended with \(code)\(loss): \(program)"
      case .signal(let number): return "signal \(number) ended the \(kind)\(loss): \(program)"
      }
    }
    return "no \(kind) could be started, set \(variable): tried \(programs.joined(separator: ", "))"
  }
}
