import Domain
import FrameTesting
import Frames
import Testing

@testable import Workbench

/// What happens at a workbench, step by step: actions and keys, the effects they ask for, and the screen they lead to.
struct Story {
  var state: AppState { didSet { drawn = Drawn() } }
  /// What the state looks like, once it was asked for: many a test looks at each line of it.
  private var drawn = Drawn()
  /// Everything that was asked of the world, in order.
  private(set) var effects: [Effect] = []
  private var milliseconds = 1000
  /// Whether the loop's timer runs that tells when the move key rests.
  private var isResting = false

  init(_ state: AppState) { self.state = state }

  /// A workbench that has just been opened, with the service's answer still to come.
  init(columns: Int = 80, rows: Int = 24) {
    state = AppState(context: "prod", analyst: "ana@las")
    happens(.resized(ScreenSize(columns: columns, rows: rows)), .started(now: Stub.now, milliseconds: 0))
  }

  /// The same, on another terminal.
  func resized(_ columns: Int, _ rows: Int) -> Story {
    var story = self
    story.happens(.resized(ScreenSize(columns: columns, rows: rows)))
    return story
  }

  @discardableResult
  mutating func happens(_ actions: Action...) -> [Effect] {
    let asked = actions.flatMap { App.update(&state, $0) }
    effects += asked
    if asked.contains(where: { if case .rest = $0 { true } else { false } }) { isResting = true }
    return asked
  }

  /// What was asked to be saved of a case is on the disk.
  @discardableResult
  mutating func saves(_ id: ShortHash, sequence: Int, what: String, milliseconds: Int) -> [Effect] {
    let asked = effects.reversed().lazy.compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
    guard let commit = asked.first(where: { $0.caseID == id }) else {
      Issue.record("nothing of \(id) was to be saved")
      return []
    }
    return happens(.committed(commit, sequence: sequence, what: what, milliseconds: milliseconds))
  }

  /// The move key rests, as it does between two keys that are typed.
  @discardableResult
  mutating func rest() -> [Effect] {
    isResting = false
    return happens(.rested(milliseconds: milliseconds))
  }

  /// Types characters, a tenth of a second apart.
  @discardableResult
  mutating func press(_ text: String) -> [Effect] {
    text.unicodeScalars.flatMap { press(Key.text($0)) }
  }

  @discardableResult
  mutating func press(_ keys: Key...) -> [Effect] {
    keys.flatMap { key in
      if isResting { rest() }
      milliseconds += 100
      return happens(.key(key, milliseconds: milliseconds))
    }
  }

  mutating func wait(milliseconds: Int) { self.milliseconds += milliseconds }

  /// What was asked since a step of the story began.
  mutating func asks(_ step: (inout Story) -> Void) -> [Effect] {
    let before = effects.count
    step(&self)
    return Array(effects.dropFirst(before))
  }

  var frame: Frame {
    if let frame = drawn.frame { return frame }
    var frame = Frame(columns: state.size.columns, rows: state.size.rows)
    App.draw(state, on: &frame)
    drawn.frame = frame
    return frame
  }

  private final class Drawn {
    var frame: Frame?
  }

  /// The screen as text.
  var screen: String { frame.text }

  /// One row of the screen.
  func line(_ row: Int) -> String { frame.line(row) }

  /// The row above the footer, without its spaces at the ends.
  var toast: String {
    String(frame.line(state.size.rows - 2).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  var footer: String { frame.line(state.size.rows - 1) }
}

/// All states of a screen in one golden file: each under its name, text first, then styles.
struct Gallery {
  private var text = ""

  mutating func add(_ name: String, _ frame: Frame) {
    text += "== \(name)\n\(goldenText(frame))\n\n"
  }

  mutating func add(_ name: String, _ story: Story) { add(name, story.frame) }

  func expect(named name: String, in file: String = #filePath) {
    expectGolden(text, named: name, in: file)
  }
}
