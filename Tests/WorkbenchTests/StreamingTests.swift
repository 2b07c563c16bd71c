import Domain
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("An answer in pieces")
struct StreamingTests {
  static let model = ModelID("storyteller", version: "1")
  static let signature = Signature(
    inputs: [
      TensorSpec(name: "text_input", datatype: .bytes, shape: [1]),
      TensorSpec(name: "max_tokens", datatype: .int32, shape: [1]),
    ], outputs: [TensorSpec(name: "text_output", datatype: .bytes, shape: [1])])

  /// The form of a model that takes a text, with one in it.
  static func opened(columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up))
    _ = App.open(&story.state, .infer(model), 0)
    story.happens(.infer(.described(signature)))
    story.happens(.infer(.read(.init(name: "opening.txt", texts: [["Once upon a time", ""]]))))
    return story
  }

  static func says(_ story: inout Story, _ texts: String...) {
    for text in texts {
      story.happens(.infer(.streamed(RawText(text), order: story.state.infer?.order ?? 0)))
    }
  }

  static func answered(_ story: inout Story, _ text: RawText) {
    let prediction = Prediction(
      model: model, answer: .classes([ClassScore(label: text)], chosen: 0), outputs: [], latency: 2140)
    story.happens(
      .answered(
        .init(prediction: prediction, caseID: Income.id(12), number: 12, at: Stub.now),
        order: story.state.infer?.order ?? 0, opens: false))
  }

  static let opening = [
    "Once", " upon", " a", " time", " there", " lived", ", in", " a", " house", " by", " the", " sea", ",",
    " a keeper of lights", " who", " knew", " every", " ship", " by", " its", " sound", ".\n\n", "One", " night",
  ]

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var story = Self.opened()
    gallery.add("before", story)
    story.press("s")
    gallery.add("asked", story)
    for word in Self.opening { Self.says(&story, word) }
    gallery.add("growing", story)
    var stopped = story
    stopped.press(.escape)
    gallery.add("stopped", stopped)
    var broken = story
    broken.happens(
      .infer(
        .refused(
          Problem(
            "The answer of storyteller v1 broke off after 24 pieces. The connection to http://127.0.0.1:8000 was lost: "
              + "transfer closed with outstanding read data remaining.",
            advice:
              "What came before stays. It is no whole answer, and makes no case; the service may still work on it.",
            kind: .unreachable), order: story.state.infer?.order ?? 0)))
    gallery.add("broken off", broken)
    for _ in 0..<40 { Self.says(&story, " and the lights went round, and round") }
    gallery.add("longer than its room", story)
    Self.answered(&story, RawText(Self.opening.joined()))
    gallery.add("whole", story)
    var hostile = Self.opened()
    hostile.press("s")
    Self.says(&hostile, "\u{1B}[31m", "red\u{1B}]0;x\u{7}", "\u{202E}turned", "\r\nline\ttab", "漢字")
    gallery.add("hostile", hostile)
    var wide = Self.opened(columns: 120, rows: 40)
    wide.press("s")
    for word in Self.opening { Self.says(&wide, word) }
    gallery.add("120x40", wide)
    gallery.expect(named: "infer-streaming")
  }

  @Test("s sends the text and what else is filled in; an empty field stays out")
  func sends() {
    var story = Self.opened()
    #expect(
      story.press("s") == [
        .generate(GenerationOrder(number: 1, model: Self.model, values: [.text("Once upon a time"), .missing]))
      ])
    story.press(.escape)
    story.press("j20")
    story.press(.escape)
    #expect(
      story.press("s") == [
        .generate(GenerationOrder(number: 3, model: Self.model, values: [.text("Once upon a time"), .integer(20)]))
      ])
    story.press(.escape)
    story.press("x")
    #expect(story.state.infer?.streamed == nil)
  }

  @Test("a field that does not fit is not sent, and a model without a text says so")
  func refused() {
    var story = Self.opened()
    story.press("j2.5")
    story.press(.escape)
    #expect(story.press("s").isEmpty && story.screen.contains("max_tokens 2.5 is not a whole number"))
    var other = InferScreenTests.opened()
    #expect(other.press("s").isEmpty && other.screen.contains("takes no text"))
  }

  @Test("Esc frees the screen at once, says that the service may go on, and what comes later is not shown")
  func stops() {
    var story = Self.opened()
    story.press("s")
    Self.says(&story, "Once", " upon")
    let order = story.state.infer?.order ?? 0
    #expect(story.press(.escape) == [.stopInference])
    #expect(story.state.place == .infer(Self.model) && story.state.infer?.answer == .idle)
    #expect(story.screen.contains("Stopped waiting") && story.screen.contains("the service may still work on it"))
    #expect(story.screen.contains("stopped waiting after 2 pieces") && story.screen.contains("Once upon"))
    story.happens(.infer(.streamed(" late", order: order)))
    Self.answered(&story, "late")
    #expect(!story.screen.contains("upon late"))
    story.press(.escape)
    #expect(story.state.place == .models)
  }

  @Test("Esc stops waiting for a whole answer as well, and keeps the last one")
  func stopsInference() {
    var story = InferScreenTests.opened()
    story.press("x")
    story.happens(InferScreenTests.answer(story))
    story.press("x")
    #expect(story.press(.escape) == [.stopInference])
    #expect(story.state.infer?.answer.value != nil && story.state.infer?.answer.isLoading == false)
    #expect(story.state.place == .infer(Income.model))
  }

  @Test("pieces of an older order are not shown")
  func older() {
    var story = Self.opened()
    story.press("s")
    story.happens(.infer(.streamed("old", order: 0)))
    #expect(story.state.infer?.streamed?.pieces == 0)
  }

  @Test("a text without an end keeps its newest part only")
  func bounded() {
    var text = StreamedText()
    for number in 0..<20_000 { text.take(RawText("word \(number) ")) }
    #expect(text.pieces == 20_000 && text.count > 200_000 && text.newest.count <= 2 * StreamedText.longest)
    #expect(text.lines(rows: 2, columns: 40).last?.text.contains("19999") == true)
    var wide = StreamedText()
    for _ in 0..<40_000 { wide.take("漢") }
    #expect(wide.lines(rows: 3, columns: 40).allSatisfy { $0.text.allSatisfy { $0 == "漢" } })
  }
}
