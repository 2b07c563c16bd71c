import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("What the model answered")
struct AnswerTests {
  static func content(_ answer: Prediction.Answer, _ outputs: [Tensor] = []) throws -> CaseContent {
    var content = try Income.content(explanations: [])
    content.case.prediction = Prediction(model: Income.model, answer: answer, outputs: outputs, latency: 3)
    return content
  }

  static let embedding = Tensor(name: "emb", datatype: .fp64, shape: [1, 2], elements: .double([0.5, 0.25]))

  /// The rows of a screen in words.
  static func rows(_ story: Story, _ title: String) -> [[String]] {
    App.read(story.state).sections.first { $0.title == title }?.rows ?? []
  }

  @Test("a number is told in words as it is on the screen: of a case, in the queue, in a report, beside the form")
  func number() throws {
    let content = try Self.content(.value(17.25))
    #expect(Self.rows(CaseScreenTests.opened(content), "Prediction") == [["17.25"]])
    #expect(Self.rows(RecordTests.queue(content), "Prediction") == [["17.25"]])
    #expect(CaseScreen.read(content).lines.contains("  17.25"))
    var form = InferScreenTests.opened()
    form.press("x")
    form.happens(Self.answered(content, form))
    #expect(Self.rows(form, "Last result") == [["17.25"]])
  }

  @Test("outputs that nobody explains are told by their names, where the screen says that t shows them")
  func outputs() throws {
    let content = try Self.content(.opaque, [Self.embedding])
    var story = CaseScreenTests.opened(content)
    #expect(story.screen.contains("the answer has no class: t shows the outputs"))
    story.press("t")
    #expect(story.screen.contains("emb     0.5 0.25"))
    #expect(Self.rows(RecordTests.queue(content), "Outputs") == [["emb", "0.5 0.25"]])
    #expect(CaseScreen.read(content).lines.contains("  emb     0.5 0.25"))
  }

  static let letter = Tensor(
    name: "out", datatype: .bytes, shape: [1, 1],
    elements: .bytes(["The customer wants a refund for order 12\nand an apology."]))

  @Test("a text that the model wrote is shown beside the form, on the case and in the queue", arguments: [80, 120, 60])
  func text(columns: Int) throws {
    let content = try Self.content(.opaque, [Self.letter, Self.embedding])
    let story = CaseScreenTests.opened(content, columns: columns)
    #expect(story.screen.contains("The customer wants a refund"))
    #expect(story.screen.contains("t shows the outputs"))
    #expect(RecordTests.queue(content).screen.contains("The custom"))
    var form = InferScreenTests.opened(columns: columns)
    form.press("x")
    form.happens(Self.answered(content, form))
    #expect(form.screen.contains("The customer"))
    let two = try Self.content(.opaque, [Self.letter, Self.letter])
    #expect(two.case.prediction.text == nil)
  }

  @Test("a class without a probability is told as the answer, first among its classes")
  func labelAlone() throws {
    let classes = ["low", "mid", "high", "top"].map { ClassScore(label: $0, probability: nil) }
    for count in [2, 3, 4] {
      let content = try Self.content(.classes(Array(classes.prefix(count)), chosen: 1))
      let story = CaseScreenTests.opened(content)
      #expect(story.screen.contains("the answer, without a probability"), "\(count)")
      #expect(Self.rows(story, "Prediction").first == ["mid", "the answer"])
    }
  }

  @Test("a margin is whole beside the longest labels, on the narrowest screen that has one") func longLabels() throws {
    let labels = ["a label of twenty-five cells", "another one of that many", "and a third of as many too"]
    let classes = zip(labels, [2.85, -1.25, -0.5]).map {
      ClassScore(label: RawText($0), probability: 1.0 / 3, margin: $1)
    }
    let story = CaseScreenTests.opened(try Self.content(.classes(classes, chosen: 0)))
    for margin in ["+2.85", "−1.25", "−.50"] { #expect(story.screen.contains(margin), "\(story.screen)") }
  }

  @Test(
    "probabilities that do not add up to one, lie beyond 0 to 1 or are larger for another class are told as that",
    arguments: [
      ([0.9, 0.8], 0, "probabilities add up to 1.70"), ([0.3, 0.1, 0.2], 0, "probabilities add up to .60"),
      ([1.25, -0.25], 0, "probabilities beyond 0 to 1"), ([0.2, 0.5, 0.3], 2, "not the most probable class"),
      ([0.2, 0.5, 0.3], 1, nil), ([0.333, 0.333, 0.333], 0, nil),
    ] as [([Double], Int, String?)])
  func doubt(probabilities: [Double], chosen: Int, expected: String?) throws {
    let classes = zip(["low", "mid", "high"], probabilities).map { ClassScore(label: $0, probability: $1) }
    let content = try Self.content(.classes(classes, chosen: chosen))
    #expect(content.case.prediction.doubt?.text == expected)
    guard let expected else { return }
    let story = CaseScreenTests.opened(content)
    #expect(story.screen.contains(expected) && RecordTests.queue(content).screen.contains(expected))
    #expect(App.read(story.state).sections.first { $0.title == "Prediction" }?.lines.contains(expected) == true)
  }

  @Test("an answer of another shape than the model publishes is told as that")
  func shape() throws {
    var content = try Self.content(.classes([ClassScore(label: "low", probability: 1)], chosen: 0))
    content.case.prediction.outputs = [
      Tensor(name: "p", datatype: .fp64, shape: [1, 5], elements: .double([1, 0, 0, 0, 0]))
    ]
    for (published, expected) in [(3, "p has 5 values, 3 are published"), (5, nil), (-1, nil)] as [(Int, String?)] {
      content.signature = Signature(
        inputs: [], outputs: [TensorSpec(name: "p", datatype: .fp64, shape: [-1, published])])
      #expect(content.case.prediction.doubt(content.signature)?.text == expected)
      let story = CaseScreenTests.opened(content)
      #expect(story.screen.contains("p has 5 values") == (expected != nil))
      let said = App.read(story.state).sections.first { $0.title == "Prediction" }?.lines ?? []
      #expect(said.contains("p has 5 values, 3 are published") == (expected != nil))
    }
  }

  @Test("what the service gives as its reason stands beside the form")
  func reason() {
    var form = InferScreenTests.opened()
    form.press("x")
    var problem = Problem("The service could not use the input: 400, not retried.")
    problem.said = "input num: expected shape [1,13], got [1,1]"
    form.happens(.infer(.refused(problem, order: form.state.infer?.order ?? 0)))
    #expect(form.screen.contains("input num: expected"))
    #expect(App.read(form.state).lines.contains { $0.contains("the service said: input num: expected shape") })
  }

  @Test("a model that is too busy leaves the service online: it answered")
  func busy() {
    for isBusy in [true, false] {
      var form = InferScreenTests.opened()
      form.press("x")
      var problem = Problem("The service is too busy to answer: 503, not retried.", kind: .unreachable)
      problem.isBusy = isBusy
      form.happens(.infer(.refused(problem, order: form.state.infer?.order ?? 0)))
      #expect(form.state.service.isDown != isBusy)
    }
  }

  private static func answered(_ content: CaseContent, _ story: Story) -> Action {
    .answered(
      InferScreen.Answer(
        prediction: content.case.prediction, caseID: content.case.id, number: 8841, at: Stub.now),
      order: story.state.infer?.order ?? 0, opens: false)
  }

  @Test("a number stands whole beside the form: its first digits would be another one", arguments: [80, 60, 120])
  func wholeNumber(columns: Int) throws {
    var story = InferScreenTests.opened(columns: columns)
    story.press("x")
    story.happens(Self.answered(try Self.content(.value(-393046330.61818594)), story))
    #expect(story.screen.contains("−393046330.61818594"))
    #expect(story.screen.contains("3 ms"))
    story.happens(Self.answered(try Self.content(.value(4.5)), story))
  }

  @Test("the report of a judged case tells the analyst's own judgement and marks")
  func own() throws {
    var content = try Income.content()
    #expect(!CaseScreen.read(content).sections.contains { $0.title == "Your call" })
    content.own = GivenJudgement(
      analyst: "ana@las", at: Stub.now,
      judgement: Judgement(
        verdict: .disagree, label: "<=50K", confidence: 4, reasons: ["one-off value"], note: "bonus"), sequence: 12)
    content.ownMarks = [Mark(kind: .spurious, target: "age")]
    let call = try #require(CaseScreen.read(content).sections.first { $0.title == "Your call" })
    #expect(
      call.lines == [
        "disagree → <=50K   confidence 4/5   one-off value   “bonus”", "saved #12, \(Stub.now)",
        "age: \(MarkKind.spurious.word)",
      ])
  }

  @Test("of more classes than a line has room for, how many the rest are and what they share stands whole")
  func others() throws {
    let scores = (0..<12).map { index in
      ClassScore(label: RawText("category-\(index)"), probability: index == 0 ? 0.33 : 0.67 / 11)
    }
    for columns in [60, 80, 100, 120] {
      let story = CaseScreenTests.opened(try Self.content(.classes(scores, chosen: 0)), columns: columns)
      let line = story.line(2)
      #expect(line.contains(" others .") || line.contains("1 others"), "\(columns): \(line)")
      #expect(!line.contains("others …") && !line.contains("oth…") && !line.contains("0…"), "\(columns): \(line)")
    }
  }

  @Test("of an explainer that nobody was asked for nothing is said, and R asks")
  func unasked() throws {
    var content = try Self.content(.value(1))
    content.canExplain = nil
    var story = CaseScreenTests.opened(content)
    #expect(!story.effects.contains(.explain(content.case.id)), "the service may be away: nobody waits for it")
    #expect(!story.screen.contains("No explainer serves this model."))
    #expect(story.screen.contains("Not asked yet whether it can be explained.  R asks"))
    #expect(story.press("R").contains(.explain(content.case.id)))
  }

  @Test("the class that the model chose stands first, and is named, also where another is more probable")
  func chosen() throws {
    let scores = zip(["low", "mid", "high", "top"], [0.2, 0.4, 0.3, 0.1]).map { ClassScore(label: $0, probability: $1) }
    let content = try Self.content(.classes(scores, chosen: 2))
    let story = CaseScreenTests.opened(content)
    #expect(story.line(2).hasPrefix(" high"), "\(story.line(2))")
    #expect(story.line(2).contains(".30  mid .40  low .20"), "\(story.line(2))")
    #expect(Self.rows(story, "Prediction")[1] == ["high", ".3000  the answer"])
    #expect(CaseScreen.read(content).lines.contains { $0.contains("the answer") })
    let usual = CaseScreenTests.opened(try Self.content(.classes(scores, chosen: 1)))
    #expect(!Self.rows(usual, "Prediction").joined().contains { $0.contains("the answer") })
  }

  @Test("beside the form on the lowest screens the answer has a row", arguments: [14, 15, 16, 17, 24])
  func lowForm(rows: Int) throws {
    for columns in [76, 80, 120] {
      var form = InferScreenTests.opened(columns: columns, rows: rows)
      form.press("x")
      form.happens(Self.answered(try Income.content(), form))
      #expect(form.screen.contains(">50K"), "\(columns)x\(rows): \(form.screen)")
    }
  }
}
