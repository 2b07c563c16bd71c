import Domain
import Glibc
import Operations

/// The user's own editor, on a private file.
enum Editor {
  /// The text as it was saved; nil where it was not changed or the editor failed.
  static func edit(_ text: String) -> String? {
    let editor = Machine.environment("VISUAL") ?? Machine.environment("EDITOR") ?? "vi"
    var name = Array("\(Machine.environment("TMPDIR") ?? "/tmp")/mds-XXXXXX.json".utf8CString)
    let descriptor = mkstemps(&name, 5)
    guard descriptor >= 0 else { return nil }
    close(descriptor)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unlink(path) }
    guard (try? Files.write(Array(text.utf8), to: path)) != nil else { return nil }
    // EDITOR may hold arguments, so a shell reads it; the path is ours and harmless.
    guard run(["/bin/sh", "-c", "\(editor) \"$0\"", path]) == 0, let bytes = Files.read(path) else { return nil }
    let edited = String(decoding: bytes, as: UTF8.self)
    return edited == text ? nil : edited
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
