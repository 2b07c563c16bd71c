import Domain

@testable import Workbench

extension Scene {
  static let models: [Scene] =
    [
      Scene("models", "loading") { Story() },
      Scene("models", "empty") {
        var story = Story()
        story.happens(.linked(service: .up, collector: .up), .models(.listed(.init(groups: [], at: Stub.now))))
        return story
      },
      Scene("models", "loaded") { ModelsScreenTests.listed() },
      Scene("models", "reloading") {
        var story = ModelsScreenTests.listed()
        story.press("R")
        return story
      },
      Scene("models", "failed") {
        var story = Story()
        story.happens(
          .linked(service: .down(since: Stub.now), collector: nil),
          .models(.failed(Trouble.service, at: Stub.now)))
        return story
      },
      Scene("models", "stale") {
        var story = ModelsScreenTests.listed()
        story.happens(
          .ticked(Stub.now.advanced(bySeconds: 1080), milliseconds: 1_080_000),
          .linked(service: .down(since: Stub.now), collector: nil),
          .models(.failed(Trouble.service, at: Stub.now)),
          .models(.seeking(next: Stub.now.advanced(bySeconds: 1200))))
        return story
      },
      Scene("models", "offline") {
        var story = ModelsScreenTests.listed()
        story.losesTheLine()
        story.happens(.models(.failed(Trouble.service, at: Stub.now.advanced(bySeconds: -240))))
        return story
      },
      Scene("models", "nothing-matches") {
        var story = ModelsScreenTests.listed()
        story.press("/")
        story.press("zzz")
        return story
      },
      Scene("models", "many") {
        let groups = (1...10_000).map { number in
          Stub.group(
            RawText("model-\(10_000 + number)"), RawText("\(number % 40)"), number % 97 == 0 ? .failed : .ready,
            Stub.wine)
        }
        var story = listing(groups, ["model-15000": ModelsScreenTests.facts(1_234_567, 12_345, [0.1, 0.2, nil, 1])])
        story.press("5000G")
        story.rest()
        return story
      },
    ] + Awkward.allCases.map { kind in Scene("models", kind.rawValue) { awkward(kind) } }

  private static func listing(_ groups: [ModelGroup], _ facts: [RawText: ModelsScreen.Facts]) -> Story {
    var story = Story()
    story.happens(
      .linked(service: .up, collector: .up), .waiting(12_345), .models(.listed(.init(groups: groups, at: Stub.now))),
      .models(.learned(facts)), .models(.rested))
    return story
  }

  private static func awkward(_ kind: Awkward) -> Story {
    let groups = kind.names.enumerated().map { index, name in
      var group = ModelGroup(
        model: Model(
          id: ModelID(name, version: kind.model.version), state: index == 0 ? .failed : .ready,
          reason: kind.name(index + 1),
          platform: kind.name(index).appending("-server")), explainers: [ModelID(name.appending("-shap"))],
        driftDetectors: [ModelID(kind.name(index + 1))], outlierDetectors: [ModelID(kind.name(index + 2))])
      group.model.signature = signature(kind)
      return group
    }
    let facts = Dictionary(
      kind.names.enumerated().map { ($1, ModelsScreenTests.facts(9_999_999 * $0, 123_456, [0, 1, nil, 0.5])) },
      uniquingKeysWith: { first, _ in first })
    return listing(groups, facts)
  }

  /// Inputs with awkward names, labels, units.
  static func signature(_ kind: Awkward) -> Signature {
    let numbers = kind.names.map { name in
      Income.column(
        name.appending("#"), .fp64,
        [
          .init("ranges", .array([.array([.number(-1e300), .number(123_456.789)])])),
          .init("units", [.string(kind.name(1))]),
        ])
    }
    return Signature(
      inputs: [Income.labels(kind.name(0), kind.names.map(JSON.string))] + numbers,
      outputs: [
        TensorSpec(
          name: "proba", datatype: .fp64, shape: [-1, 2],
          parameters: [.init("class_names", [.string(kind.name(0)), .string(kind.name(1).appending("!"))])])
      ], parameters: [.init("task_question", .string(kind.name(1)))])
  }
}
