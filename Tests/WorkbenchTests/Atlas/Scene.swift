import Domain
import Frames
import Testing

@testable import Workbench

/// A screen in one of its states, as an analyst comes to it on a terminal of 80x24.
struct Scene: Sendable, CustomTestStringConvertible {
  let screen: String
  let state: String
  let story: @Sendable () throws -> Story

  init(_ screen: String, _ state: String, _ story: @escaping @Sendable () throws -> Story) {
    self.screen = screen
    self.state = state
    self.story = story
  }

  var testDescription: String { "\(screen), \(state)" }

  /// The terminals that a scene is drawn on besides 80x24.
  static let otherSizes = [(60, 16), (120, 40), (200, 50)]

  static let all: [Scene] =
    models + infer + cases + drift + review + outbox + inbox + feedback + search + log + overlays

  /// The scenes of one screen in these states.
  static func of(_ screen: String, _ states: Set<String>) -> [Scene] {
    all.filter { $0.screen == screen && states.contains($0.state) }
  }

  /// The scene of each screen that shows what it is for.
  static var loaded: [Scene] { all.filter { $0.state == "loaded" } }
}

/// Names as they come from outside and fit nowhere: each kind is a state of every screen.
enum Awkward: String, CaseIterable {
  case long, wide, hostile

  var names: [RawText] {
    switch self {
    case .long:
      [
        "a-name-that-is-much-longer-than-any-column-that-was-made-for-it-and-goes-on-for-quite-a-while",
        "another_one_without_any_place_where_it_could_be_broken_into_two_lines_whatever_the_width_is",
      ]
    case .wide:
      [
        "模型名称很长的一个模型在这里放不下", "👩‍👩‍👧‍👦 family 🚀", "שלום-עולם-ארוך", "نموذج-المخاطر", "ｶﾀｶﾅとカタカナ", "e\u{301}tat-né\u{308}",
      ]
    case .hostile:
      [
        "\u{1B}[2J\u{1B}[31mevil", "\u{202E}reversed", RawText(bytes: [0xFF, 0xFE, 0x61, 0xC3, 0x28]),
        "\u{9B}31m\u{7}red",
        "tab\there\nand a line\r", "a\u{301}\u{301}\u{301}\u{301}\u{301}zalgo", "",
      ]
    }
  }

  /// One of the names, round and round.
  func name(_ index: Int) -> RawText { names[index % names.count] }

  var model: ModelID { ModelID(name(0), version: self == .hostile ? "9\n9" : "2025.11.23-rc1+build") }
}

extension Story {
  /// Turns to the panel that a rule names, where panels stand one at a time.
  mutating func turns(to title: String) {
    for _ in 0..<12 where !line(1).contains(title) { press(.tab) }
  }

  /// Neither the service nor the collector answers since noon.
  mutating func losesTheLine() {
    let since = Stub.now.advanced(bySeconds: -240)
    happens(.linked(service: .down(since: since), collector: .down(since: since)))
  }
}

/// What goes wrong with the ledger and with the service.
enum Trouble {
  static let ledger = Problem(
    "The ledger could not be read", advice: "Another program may hold it: mds doctor tells.",
    detail: "database is locked")
  static let service = Problem(
    "mlserver.las.example:8080 refused the connection", advice: "Is the service running?",
    detail: "connect(2): ECONNREFUSED", kind: .unreachable)
}
