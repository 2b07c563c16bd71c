internal import Dispatch
internal import Glibc
internal import Synchronization
public import Workbench

/// Hears when a file in the folder of the user's themes has changed, and reads it anew; a folder that is made later is
/// heard of as well. It waits without waking up.
public final class ThemeWatch {
  private let source: any DispatchSourceRead

  /// `post` gets the theme of each file that was written or moved there; nil where nothing can be watched.
  public init?(_ post: @escaping @Sendable (Action) -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    let folder = WatchedFolder(descriptor, Themes.userFolder)
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "themes"))
    source.setEventHandler {
      for file in folder.changed() where file.hasSuffix(".toml") {
        post(.themeChanged(Themes.own(String(file.dropLast(5)))))
      }
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
  }

  deinit { source.cancel() }
}

/// A folder whose files are heard of when they are written; while it is not there the nearest one above it is watched, for
/// what is made in that.
private final class WatchedFolder: Sendable {
  /// The numbers of the watches on the folder and on the one above; nil for one that is not watched.
  private struct Watches {
    var folder: Int32?
    var above: Int32?
  }

  /// What the kernel tells.
  private struct Event {
    var watch: Int32
    var what: UInt32
    var name: String
  }

  /// An event without its name, and the longest name.
  private static let longestEvent = 16 + 256

  private let descriptor: Int32
  private let path: String
  private let watches = Mutex(Watches())

  init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
    watches.withLock { watch(&$0) }
  }

  /// The files that changed since the last time, each once, in order; all of a folder that has just come.
  func changed() -> [String] {
    watches.withLock { watches in
      var names: [String] = []
      var isElsewhere = false
      for event in events() where event.what & UInt32(IN_IGNORED) == 0 {
        if event.watch != watches.folder || event.what & UInt32(IN_DELETE_SELF | IN_MOVE_SELF) != 0 {
          isElsewhere = true
        } else if !names.contains(event.name) {
          names.append(event.name)
        }
      }
      guard isElsewhere else { return names }
      let before = watches.folder
      watch(&watches)
      guard watches.folder != nil, watches.folder != before else { return names }
      // What was put into the folder before it was watched is news too.
      return names + Files.names(in: path).filter { !names.contains($0) }
    }
  }

  private func watch(_ watches: inout Watches) {
    let number = inotify_add_watch(
      descriptor, path, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF))
    watches.folder = number >= 0 ? number : nil
    if let above = watches.above { inotify_rm_watch(descriptor, above) }
    watches.above = nil
    var place = path[...]
    while watches.folder == nil, watches.above == nil, let slash = place.lastIndex(of: "/") {
      place = place[..<slash]
      let number = inotify_add_watch(
        descriptor, place.isEmpty ? "/" : String(place), UInt32(IN_CREATE | IN_MOVED_TO | IN_ONLYDIR))
      if number >= 0 { watches.above = number }
    }
  }

  private func events() -> [Event] {
    var events: [Event] = []
    var buffer = [UInt8](repeating: 0, count: 16 * Self.longestEvent)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return events }
      var rest = buffer[..<count]
      // Four numbers of four bytes: the watch, what happened, a cookie, and how long the name is with its zeroes.
      while rest.count >= 16 {
        let numbers = (0..<4).map { place in
          rest.dropFirst(4 * place).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        let name = rest.dropFirst(16).prefix(Int(numbers[3])).prefix { $0 != 0 }
        events.append(
          Event(
            watch: Int32(bitPattern: numbers[0]), what: numbers[1], name: String(decoding: name, as: UTF8.self)))
        rest = rest.dropFirst(16 + Int(numbers[3]))
      }
    }
  }
}
