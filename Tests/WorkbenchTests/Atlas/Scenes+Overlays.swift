import Domain
import Frames

@testable import Workbench

extension Scene {
  static let overlays: [Scene] =
    [
      Scene("overlays", "help") { over("?") },
      Scene("overlays", "help-scrolled") { over("?G") },
      Scene("overlays", "palette") { over(":") },
      Scene("overlays", "palette-typed") { over(":dri") },
      Scene("overlays", "palette-nothing") { over(":zzzz") },
      Scene("overlays", "filter") { over("/in") },
      Scene("overlays", "outline") { over("t") },
      Scene("overlays", "problem") { troubled(Trouble.service, shown: true) },
      Scene("overlays", "toast") { troubled(Trouble.service, shown: false) },
      Scene("overlays", "done") {
        var story = ModelsScreenTests.listed()
        story.happens(.notified(Message(.done, "saved #10431 disagree → <=50K", hint: Hint(.undo, "undo"))))
        return story
      },
      Scene("overlays", "choosing-words") {
        var story = OutboxScreenTests.opened(OutboxScreenTests.conflicting)
        story.press("c")
        return story
      },
      Scene("overlays", "composing-queue") {
        var story = try ReviewScreenTests.opened()
        story.press("Q")
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("overlays", "problem-" + kind.rawValue) {
        let text = kind.names.map(\.string).joined(separator: " ")
        return troubled(Problem(text, advice: text, detail: String(repeating: text + "\n", count: 40)), shown: true)
      }
    }
    + Awkward.allCases.map { kind in
      Scene("overlays", "toast-" + kind.rawValue) {
        troubled(Problem(kind.names.map(\.string).joined(separator: " ")), shown: false)
      }
    }

  private static func over(_ keys: String) -> Story {
    var story = ModelsScreenTests.listed()
    story.press(keys)
    return story
  }

  private static func troubled(_ problem: Problem, shown: Bool) -> Story {
    var story = ModelsScreenTests.listed()
    story.happens(.failed(problem))
    if shown {
      story.press("gl")
      story.press(.enter)
    }
    return story
  }
}
