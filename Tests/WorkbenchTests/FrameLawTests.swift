import Frames
import SafeText
import Testing

@testable import Workbench

/// What holds for every screen in every state on every terminal, however small, large or odd.
@Suite("The laws of frames")
struct FrameLawTests {
  /// A repeatable stream of numbers.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 16 | state << 48
    }
  }

  @Test(
    "any state on any terminal from 1x1 to 300x100 is drawn whole: no half of a wide character, nothing past the edge")
  func anySize() throws {
    var dice = Dice(state: 2026)
    for scene in Scene.all {
      let story = try scene.story()
      let sizes =
        [(1, 1), (39, 10), (40, 9), (40, 10)]
        + (0..<3).map { _ in (Int.random(in: 1...300, using: &dice), Int.random(in: 1...100, using: &dice)) }
      for (columns, rows) in sizes {
        let frame = story.resized(columns, rows).frame
        expectWhole(frame, "\(scene.testDescription) at \(columns)x\(rows)")
        if rows < 30 { expectWhole(frame.ascii(), "\(scene.testDescription) at \(columns)x\(rows) in ASCII") }
      }
    }
  }

  @Test("and so it is after any keys")
  func anyKeys() throws {
    let keys: [Key] =
      "jkhlGtwoesnrdcaufxXRQBbv!+~=123 /:?pqyzJK".unicodeScalars.map(Key.text)
      + [.enter, .escape, .tab, .pageDown, .pageUp, .up, .down, .backspace, .control("D"), .control("U")]
    var dice = Dice(state: 7)
    for scene in Scene.all where scene.state != "many" {
      var story = try scene.story().resized(
        Int.random(in: 40...140, using: &dice), Int.random(in: 10...50, using: &dice))
      for _ in 0..<10 {
        let key = keys.randomElement(using: &dice) ?? .escape
        story.press(key)
        expectWhole(story.frame, "\(scene.testDescription) after \(key)")
      }
    }
  }

  private func expectWhole(_ frame: Frame, _ what: String) {
    #expect(frame.cells.count == frame.columns * frame.rows, "\(what)")
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        let cell = frame[row, column]
        let isHalved: Bool =
          switch cell.span {
          case .wide: column + 1 >= frame.columns || frame[row, column + 1].span != .continuation
          case .continuation: column == 0 || frame[row, column - 1].span != .wide
          case .narrow: false
          }
        if isHalved || cell.scalar.value < 0x20 || (0x7F..<0xA0).contains(cell.scalar.value) {
          Issue.record("\(what): row \(row), column \(column)\n\(frame.line(row))")
          return
        }
      }
    }
    if let cursor = frame.cursor {
      #expect((0..<max(1, frame.rows)).contains(cursor.row) && (0...frame.columns).contains(cursor.column), "\(what)")
    }
  }
}
