import Domain

@testable import Workbench

extension Scene {
  static let drift: [Scene] =
    [
      Scene("drift", "loading") { DriftScreenTests.opened(nil) },
      Scene("drift", "failed") {
        var story = DriftScreenTests.opened(nil)
        story.happens(.drift(.failed(Trouble.ledger)))
        return story
      },
      Scene("drift", "empty") {
        DriftScreenTests.opened(DriftScreen.Content(model: Income.model, windows: [], reference: nil))
      },
      Scene("drift", "loaded") { DriftScreenTests.opened() },
      Scene("drift", "reloading") {
        var story = DriftScreenTests.opened()
        story.press("R")
        return story
      },
      Scene("drift", "stale") {
        var story = DriftScreenTests.opened()
        story.press("R")
        story.happens(.drift(.failed(Problem("income-drift does not answer"))))
        return story
      },
      Scene("drift", "offline") {
        var story = DriftScreenTests.opened()
        story.losesTheLine()
        return story
      },
      Scene("drift", "few-cases") {
        var story = DriftScreenTests.opened()
        story.press("18h")
        return story
      },
      Scene("drift", "outliers") {
        var story = DriftScreenTests.opened()
        story.press("o")
        return story
      },
      Scene("drift", "baseline") {
        var story = DriftScreenTests.opened()
        story.press("hhhb")
        story.happens(.drift(.arrived(compared(with: story.state.drift?.baseline))))
        story.press("lll")
        return story
      },
      Scene("drift", "baseline-in-view") {
        var story = DriftScreenTests.opened()
        story.press("hhhb")
        story.happens(.drift(.arrived(compared(with: story.state.drift?.baseline))))
        return story
      },
      Scene("drift", "many") {
        let features = (1...10_000).map { number in
          DriftScreenTests.feature(RawText("pixel_\(number)"), 1 / Double(number), 1e-9 * Double(number), [])
        }
        var story = DriftScreenTests.opened(content(features, windows: 720, reference: nil))
        story.press("5000G")
        story.rest()
        return story
      },
    ]
    + Awkward.allCases.map { kind in
      Scene("drift", kind.rawValue) {
        let features = kind.names.enumerated().map { index, name in
          var feature = DriftScreenTests.feature(name, 0.9 / Double(index + 1), 1e-200, [90, 10, 20])
          if index % 2 == 0 { feature.method = .chiSquared(degreesOfFreedom: 12) }
          return feature
        }
        let labels = (0..<3).map(kind.name)
        let reference = Reference(
          count: 123_456_789,
          features: kind.names.map {
            .init(name: $0, distribution: .categorical(labels: labels, counts: [10, 90, 20]))
          })
        var content = content(features, windows: 28, reference: reference)
        content.answers = content.answers.map { _ in [kind.name(0): 123_456, kind.name(1): 12] }
        for index in content.windows.indices { content.windows[index].result?.method = kind.name(0) }
        return DriftScreenTests.opened(content)
      }
    }

  /// The windows as a comparison with cases of the ledger has them: the baseline's own are not tested.
  private static func compared(with baseline: DriftBaseline?) -> DriftScreen.Content {
    var content = DriftScreenTests.content()
    content.baseline = baseline
    content.reference?.count = 1204
    for index in content.windows.indices {
      let window = content.windows[index]
      if let baseline, window.from >= baseline.from, window.to <= baseline.to { content.windows[index].result = nil }
      content.windows[index].result?.source = .local
      content.windows[index].result?.method = "alibi"
      content.windows[index].result?.referenceCount = 1204
    }
    return content
  }

  /// Windows that all have the same result.
  private static func content(_ features: [FeatureDrift], windows count: Int, reference: Reference?)
    -> DriftScreen.Content
  {
    var content = DriftScreenTests.content(count: count)
    content.reference = reference
    for index in content.windows.indices where content.windows[index].result != nil {
      content.windows[index].result?.features = features
      content.windows[index].result?.threshold = 0.05 / Double(features.count)
      content.windows[index].count = 12_345_678
    }
    return content
  }
}
