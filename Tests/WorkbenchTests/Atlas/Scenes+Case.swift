import Domain
import Frames

@testable import Workbench

extension Scene {
  static let cases: [Scene] =
    [
      Scene("case", "loading") { opening() },
      Scene("case", "failed") {
        var story = opening()
        story.happens(.case(.failed(Trouble.ledger)))
        return story
      },
      Scene("case", "empty") {
        var content = try Income.content(explanations: [], record: nil)
        content.window = nil
        content.case.outlier = nil
        content.case.judgements = []
        content.canExplain = false
        return CaseScreenTests.opened(content)
      },
      Scene("case", "loaded") {
        CaseScreenTests.opened(try Income.content(), siblings: [Income.id(8840), Income.id(8841)])
      },
      Scene("case", "one-panel") {
        var story = CaseScreenTests.opened(try Income.content())
        story.press("O")
        story.turns(to: "How it adds up")
        return story
      },
      Scene("case", "explaining") { CaseScreenTests.opened(try Income.content(explanations: [], record: nil)) },
      Scene("case", "unexplained") {
        var story = CaseScreenTests.opened(try Income.content(explanations: [], record: nil))
        story.happens(.explainFailed(Income.id(8841), Trouble.service))
        return story
      },
      Scene("case", "stale") {
        var story = CaseScreenTests.opened(try Income.content())
        story.press("R")
        story.happens(.case(.failed(Trouble.ledger)))
        return story
      },
      Scene("case", "offline") {
        var story = CaseScreenTests.opened(try Income.content())
        story.losesTheLine()
        story.press("o")
        story.happens(.case(.flipsFailed(Income.id(8841), Trouble.service)))
        return story
      },
      Scene("case", "judged") {
        var story = CaseScreenTests.opened(try Income.content())
        story.happens(.case(.flipsFound(Income.id(8841), ProbingTests.flips)))
        story.happens(.case(.probed(ProbingTests.probe, ProbingTests.order)))
        story.press("d1c4r2")
        story.press(.enter)
        return story
      },
      Scene("case", "deciding") { try DecidingTests.asking() },
      Scene("case", "deciding-why") {
        var story = try DecidingTests.asking()
        story.press("1one-off bonus")
        return story
      },
      Scene("case", "many") {
        let names = (1...10_000).map { RawText("f\($0)") }
        var story = CaseScreenTests.opened(try explained(names, values: names, labels: ["<=50K", ">50K"]))
        story.press("400j")
        return story
      },
      Scene("case", "classes") { CaseScreenTests.opened(try Kinds.wineContent()) },
      Scene("case", "text") { CaseScreenTests.opened(try Kinds.textContent()) },
      Scene("case", "picture") { CaseScreenTests.opened(try Kinds.pictureContent()) },
    ]
    + Awkward.allCases.map { kind in
      Scene("case", kind.rawValue) {
        var content = try explained(kind.names, values: kind.names.reversed(), labels: [kind.name(0), kind.name(1)])
        content.case.model = kind.model
        content.case.outlier?.method = kind.name(0)
        content.case.judgements[0].analyst = kind.name(1)
        content.case.judgements[0].judgement.note = kind.name(0)
        content.window?.result?.features[0].name = kind.name(0)
        return CaseScreenTests.opened(content)
      }
    }

  private static func opening() -> Story {
    var story = Story()
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    _ = App.openCase(&story.state, Income.id(8841), among: [])
    return story
  }

  /// A case of two classes, explained by features of these names.
  private static func explained(_ names: [RawText], values: [RawText], labels: [RawText]) throws -> CaseContent {
    let shares = names.indices.map { (($0 % 2 == 0) ? 2.0 : -1.5) / Double($0 + 1) }
    let attributions = Attributions(
      link: .logOdds, isExact: false,
      features: zip(names, values).map { .init(name: $0, value: $1) },
      classes: [.init(label: labels[1], base: -0.4, shares: shares, output: shares.reduce(-0.4, +))])
    var content = try Income.content(
      explanations: [
        Explanation(explainer: ModelID("shap"), method: "Kernel SHAP", content: .attributions(attributions), latency: 3)
      ])
    content.case.prediction = Prediction(
      model: Income.model,
      answer: .classes(
        zip(labels, [0.27, 0.73]).map { ClassScore(label: $0, probability: $1) }, chosen: 1), outputs: [],
      latency: 12_345)
    return content
  }
}
