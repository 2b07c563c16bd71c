import Domain
import Frames
import PtyTesting
import Terminal
import Workbench

/// From a key to its frame on the terminal: 100,000 models in the list, 200x50.
enum Keys {
  static func rows() throws -> [Entry] {
    var bench = try Bench()
    defer { bench.screen.close() }
    let keys: [Key] = [.down, .down, .down, .pageDown, .text("j"), .up, .pageDown, .text("G"), .text("k"), .home]
    var moves = Times()
    for turn in 0..<2000 { bench.press(keys[turn % keys.count], &moves) }
    // A filter typed letter by letter, one mended, and one that nothing matches.
    var filters = Times()
    for text in ["9", "99901", "model-7", "m2s44", "zz"] {
      for _ in 0..<4 {
        bench.press(.text("/"), &filters)
        for letter in text.unicodeScalars { bench.press(.text(letter), &filters) }
        for _ in 0..<2 { bench.press(.backspace, &filters) }
        bench.press(.escape, &filters)
      }
    }
    var sorts = Times()
    for _ in 0..<12 { bench.press(.text("s"), &sorts) }
    return [
      Entry("key to frame, 100,000 rows, 200x50, p50", milliseconds: moves.median, atMost: 2),
      Entry("key to frame, 100,000 rows, 200x50, p99", milliseconds: moves.percentile(0.99), atMost: 10),
      Entry("a letter of the filter to frame, 100,000 rows, p50", milliseconds: filters.median, atMost: 16),
      Entry("a letter of the filter to frame, 100,000 rows, p99", milliseconds: filters.percentile(0.99), atMost: 16),
      Entry("another order to frame, 100,000 rows, p50", "\(sorts.median.short) ms"),
      Entry("a list of 100,000 rows taken again", "\(bench.listing().short) ms"),
    ]
  }

  /// The workbench's state on a terminal.
  private struct Bench {
    let screen: Screen
    private let pair: PtyPair
    private var state = AppState(context: "bench", analyst: "nobody")
    private let groups = (0..<100_000).map { number in
      ModelGroup(model: Model(id: ModelID(RawText("model-\(number)"), version: "1"), state: .ready))
    }
    private static let now = Timestamp(microseconds: 1_795_435_445_000_000)
    private var turn = 0

    init() throws {
      guard let pair = PtyPair(columns: 200, rows: 50) else { throw Programs.Failure(description: "no terminal") }
      self.pair = pair
      screen = try Screen(
        input: pair.terminal, output: pair.terminal, terminal: "xterm-256color", locale: "C.UTF-8")
      _ = App.update(&state, .started(now: Self.now, milliseconds: 0))
      _ = App.update(&state, .resized(ScreenSize(columns: 200, rows: 50)))
      _ = App.update(&state, .models(.listed(ModelsScreen.Listing(groups: groups, at: Self.now))))
    }

    mutating func press(_ key: Key, _ times: inout Times) {
      turn += 1
      times.measure {
        _ = App.update(&state, .key(key, milliseconds: turn * 100))
        var frame = Frame(columns: 200, rows: 50)
        App.draw(state, on: &frame)
        screen.show(frame)
      }
    }

    /// Milliseconds until the same list of a service that was asked again is taken.
    mutating func listing() -> Double {
      var times = Times()
      times.measure {
        _ = App.update(&state, .models(.listed(ModelsScreen.Listing(groups: groups, at: Self.now))))
      }
      return times.worst
    }
  }
}
