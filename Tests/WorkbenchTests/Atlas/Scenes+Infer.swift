import Domain

@testable import Workbench

extension Scene {
  static let infer: [Scene] =
    [
      Scene("infer", "loading") { InferScreenTests.opened(nil) },
      Scene("infer", "failed") {
        var story = InferScreenTests.opened(nil)
        story.happens(.describeFailed(Income.model, Trouble.service))
        return story
      },
      Scene("infer", "empty") { InferScreenTests.opened(filled: false) },
      Scene("infer", "loaded") { answered() },
      Scene("infer", "asking") {
        var story = answered()
        story.press("x")
        return story
      },
      Scene("infer", "stale") {
        var story = answered()
        story.press("x")
        story.happens(
          .infer(
            .refused(
              Problem(
                "The service could not use the input: 500, not retried.", advice: "It wants 12 values and got 13."),
              order: story.state.infer?.order ?? 0)))
        return story
      },
      Scene("infer", "offline") {
        var story = answered()
        story.losesTheLine()
        story.press("x")
        story.happens(.infer(.refused(Trouble.service, order: story.state.infer?.order ?? 0)))
        return story
      },
      Scene("infer", "many") {
        let names = (1...10_000).map { RawText("pixel_\($0)") }
        let columns = TensorSpec(
          name: "input", datatype: .fp64, shape: [-1, 10_000],
          parameters: [.init("feature_names", .array(names.map(JSON.string)))])
        var story = InferScreenTests.opened(Signature(inputs: [columns], outputs: []))
        story.happens(.infer(.read(.init(name: "pixels.csv", texts: [(1...10_000).map { RawText("\($0)") }]))))
        story.press("G")
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("infer", kind.rawValue) {
        let signature = signature(kind)
        var story = InferScreenTests.opened(signature)
        let values = [kind.name(0)] + (1..<signature.fields.count).map { RawText("-\($0)23456789012345.678901234") }
        story.happens(.infer(.read(.init(name: kind.name(1).string, texts: [values]))))
        story.press("j")
        return story
      }
    }

  private static func answered() -> Story {
    var story = InferScreenTests.opened()
    story.press("x")
    story.happens(InferScreenTests.answer(story))
    return story
  }
}
