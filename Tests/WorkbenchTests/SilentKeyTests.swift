import Frames
import Testing

@testable import Workbench

/// A key that can do nothing says why; only a move at the end of its list, and the way to where one is, are silent.
@Suite("A key of a screen")
struct SilentKeyTests {
  /// What says by the cursor that it can go no further, and by the screen that one is there.
  private static let silent: Set<Command> = [
    .moveDown, .moveUp, .pageDown, .pageUp, .halfPageDown, .halfPageUp, .top, .bottom, .back, .goModels, .goReview,
    .goDrift, .goOutbox, .goInbox, .goFeedback, .goLog,
  ]

  @Test("does something that is seen, asks for something, or says why it cannot, in every state of every screen")
  func says() throws {
    var silent: [String] = []
    for scene in Scene.all where scene.state != "many" {
      var story = try scene.story()
      story.state.toast = nil
      let before = story.frame
      guard !story.state.isAsking, story.state.filter == nil, story.state.overlay == nil else { continue }
      let scope = story.state.place.scope
      for binding in story.state.keymap.bindings where binding.scope == scope || binding.scope == .everywhere {
        guard !Self.silent.contains(binding.command), let keys = binding.keys.first else { continue }
        guard story.state.keymap.command(for: keys, in: scope) == binding.command else { continue }
        var pressed = story
        let asked = pressed.asks { story in for key in keys { story.press(key) } }
        if asked.isEmpty, pressed.frame == before {
          silent.append("\(scene.testDescription): \(binding.notation) (\(binding.command.rawValue))")
        }
      }
    }
    #expect(silent == [], "\n\(silent.joined(separator: "\n"))")
  }
}
