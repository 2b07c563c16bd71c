import Domain
import Frames
import PtyTesting
import Terminal
import Workbench

/// From a key to its frame on the terminal: 100,000 models in the list, 200x50.
enum Keys {
  static func rows() throws -> [Entry] {
    var state = AppState(context: "bench", analyst: "nobody")
    let groups = (0..<100_000).map { number in
      ModelGroup(model: Model(id: ModelID(RawText("model-\(number)"), version: "1"), state: .ready))
    }
    let now = Timestamp(microseconds: 1_795_435_445_000_000)
    _ = App.update(&state, .started(now: now, milliseconds: 0))
    _ = App.update(&state, .resized(ScreenSize(columns: 200, rows: 50)))
    _ = App.update(&state, .models(.listed(ModelsScreen.Listing(groups: groups, at: now))))
    guard let pair = PtyPair(columns: 200, rows: 50) else { throw Programs.Failure(description: "no terminal") }
    let screen = try Screen(
      input: pair.terminal, output: pair.terminal, terminal: "xterm-256color", locale: "C.UTF-8")
    defer { screen.close() }
    let keys: [Key] = [.down, .down, .down, .pageDown, .text("j"), .up, .pageDown, .text("G"), .text("k"), .home]
    var times = Times()
    for turn in 0..<2000 {
      times.measure {
        _ = App.update(&state, .key(keys[turn % keys.count], milliseconds: turn * 100))
        var frame = Frame(columns: 200, rows: 50)
        App.draw(state, on: &frame)
        screen.show(frame)
      }
    }
    return [
      Entry("key to frame, 100,000 rows, 200x50, p50", milliseconds: times.median, atMost: 2),
      Entry("key to frame, 100,000 rows, 200x50, p99", milliseconds: times.percentile(0.99), atMost: 10),
    ]
  }
}
