internal import Dispatch
internal import Glibc
public import Workbench

/// Hears when a file in the folder of the user's themes has changed, and reads it anew. It waits without waking up.
public final class ThemeWatch {
  /// An event without its name, and the longest name.
  private static let longestEvent = 16 + 256

  private let source: any DispatchSourceRead

  /// `post` gets the theme of each file that was written or moved there; nil where the folder cannot be watched, such as
  /// one that is not there.
  public init?(_ post: @escaping @Sendable (Action) -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    guard inotify_add_watch(descriptor, Themes.userFolder, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)) >= 0 else {
      close(descriptor)
      return nil
    }
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "themes"))
    source.setEventHandler {
      for name in ThemeWatch.names(descriptor) { post(.themeChanged(Themes.own(name))) }
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
  }

  deinit { source.cancel() }

  /// The themes whose files changed, each once, in order.
  private static func names(_ descriptor: Int32) -> [String] {
    var names: [String] = []
    var buffer = [UInt8](repeating: 0, count: 16 * longestEvent)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return names }
      var rest = buffer[..<count]
      // Four numbers of four bytes, the last of which is how long the name is with its zeroes.
      while rest.count >= 16 {
        let length = rest.dropFirst(12).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        let name = String(decoding: rest.dropFirst(16).prefix(length).prefix { $0 != 0 }, as: UTF8.self)
        rest = rest.dropFirst(16 + length)
        let theme = String(name.dropLast(5))
        if name.hasSuffix(".toml"), !names.contains(theme) { names.append(theme) }
      }
    }
  }
}
