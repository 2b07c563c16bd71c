import Domain
import Frames
import Testing

@testable import Workbench

/// `w` asks the model about another value, `o` looks for one that flips the answer.
@Suite("Asking what if")
struct ProbingTests {
  static let order = ProbeOrder(
    caseID: Income.id(8841), field: 11, name: "hours_per_week", value: .integer(20), number: 1)
  static let probe = Probe(
    field: "hours_per_week", from: "40", to: "20", before: 0.73, after: 0.71, oldLabel: ">50K", newLabel: ">50K")
  static let flips = Flips(
    found: [
      Probe(field: "age", from: "39", to: "30", before: 0.73, after: 0.45, oldLabel: ">50K", newLabel: "<=50K"),
      Probe(
        field: "capital_gain", from: "4787", to: "3372", before: 0.73, after: 0.47, oldLabel: ">50K", newLabel: "<=50K"),
      Probe(field: "education_num", from: "13", to: "7", before: 0.73, after: 0.5, oldLabel: ">50K", newLabel: "<=50K"),
    ], features: 12, untried: 0, rows: 118)

  static func opened() throws -> Story { CaseScreenTests.opened(try Income.content()) }

  @Test("the panels look as designed, and turning them moves nothing")
  func gallery() throws {
    var gallery = Gallery()
    var story = try Self.opened()
    story.press("o")
    gallery.add("searching", story)
    story.happens(.case(.flipsFound(Income.id(8841), Self.flips)))
    gallery.add("flips", story)
    let flips = story.screen.split(separator: "\n")
    story.press("w")
    gallery.add("a choice", story)
    story.press(.escape)
    story.press("6j")
    story.press("w")
    story.press("400")
    story.press(.enter)
    gallery.add("outside the range", story)
    story.press(.backspace, .backspace)
    story.press(.enter)
    gallery.add("asking", story)
    guard case .probe(let order) = story.effects.last else {
      Issue.record("nothing was asked: \(story.effects)")
      return
    }
    story.happens(.case(.probed(Self.probe, order)))
    gallery.add("answered", story)
    let probes = story.screen.split(separator: "\n")
    let rules = { (lines: [Substring]) in lines.indices.filter { lines[$0].hasPrefix("─") || lines[$0].hasPrefix("━") }
    }
    #expect(rules(flips) == rules(probes))
    gallery.expect(named: "probing")
  }

  @Test("w on the selected feature asks the model with what is typed, and keeps the answer on screen")
  func asks() throws {
    var story = try Self.opened()
    story.press("w")
    #expect(story.state.case?.whatIf?.field == 9)
    story.press("0")
    #expect(
      story.press(.enter) == [
        .probe(ProbeOrder(caseID: Income.id(8841), field: 9, name: "capital_gain", value: .integer(0), number: 1))
      ])
    let order = ProbeOrder(caseID: Income.id(8841), field: 9, name: "capital_gain", value: .integer(0), number: 1)
    let probe = Probe(
      field: "capital_gain", from: "4787", to: "0", before: 0.73, after: 0.19, oldLabel: ">50K", newLabel: "<=50K")
    story.happens(.case(.probed(probe, order)))
    #expect(story.screen.contains("4787 → 0"))
    #expect(story.screen.contains(".73 → .19  <=50K"))
    #expect(story.state.case?.content.value?.probes == [probe])
    // The record itself stays as it is.
    #expect(story.state.case?.values == Income.values)
  }

  @Test("letters typed into a value are text, Esc leaves, Tab goes to the next field")
  func keys() throws {
    var story = try Self.opened()
    story.press("w")
    story.press("aduq")
    #expect(story.state.case?.editor?.draft.judgement.verdict == nil)
    story.press(.tab)
    #expect(story.state.case?.whatIf?.field == 10)
    story.press(.backTab, .backTab)
    #expect(story.state.case?.whatIf?.field == 8)
    #expect(story.press(.escape).isEmpty)
    #expect(story.state.case?.whatIf == nil)
    #expect(story.state.place == .case(Income.id(8841)))
  }

  @Test("a category is chosen, by its digit or by h and l; the present one asks nothing")
  func categories() throws {
    var story = try Self.opened()
    story.press("jw")
    #expect(story.state.case?.whatIf?.field == 4)
    #expect(story.press(.enter).isEmpty)
    story.press("w1")
    #expect(
      story.press(.enter) == [
        .probe(ProbeOrder(caseID: Income.id(8841), field: 4, name: "marital", value: .text("Married"), number: 1))
      ])
  }

  @Test("text that is no number is refused with its reason; an unusual number is asked with a second Enter")
  func validation() throws {
    var story = try Self.opened()
    story.press("wmany")
    #expect(story.press(.enter).isEmpty)
    #expect(story.screen.contains("✗ many is not a number"))
    story.press(.control("U"))
    story.press("200000")
    #expect(story.press(.enter).isEmpty)
    #expect(story.screen.contains("✗ 200000 is outside 0–99999   ⏎ again asks anyway"))
    #expect(story.press(.enter).count == 1)
  }

  @Test("pasted text goes into the value")
  func paste() throws {
    var story = try Self.opened()
    story.press("w")
    story.happens(.pasted("12\n"))
    #expect(
      story.press(.enter) == [
        .probe(ProbeOrder(caseID: Income.id(8841), field: 9, name: "capital_gain", value: .integer(12), number: 1))
      ])
  }

  @Test("a question that fails says so and leaves what was known")
  func failure() throws {
    var story = try Self.opened()
    story.press("w7")
    story.press(.enter)
    let order = ProbeOrder(caseID: Income.id(8841), field: 9, name: "capital_gain", value: .integer(7), number: 1)
    story.happens(.case(.probeFailed(Problem("The service does not answer"), order)))
    #expect(story.toast == "✗ The service does not answer   gl detail")
    #expect(story.state.case?.asking == nil)
    // What was typed is there to be asked again.
    story.press("w")
    #expect(
      story.press(.enter).contains { if case .probe(let again) = $0 { again.value == .integer(7) } else { false } })
  }

  @Test("o searches once; what was found stays; leaving the case stops a search that runs")
  func search() throws {
    var story = try Self.opened()
    let id = Income.id(8841)
    #expect(story.press("o") == [.findFlips(id)])
    #expect(story.press("o").isEmpty)
    #expect(story.press(.escape).contains(.stopFlips(id)))
    #expect(story.state.case?.flips == .idle)

    var other = try Self.opened()
    other.press("o")
    other.happens(.case(.flipsFound(id, Self.flips)))
    #expect(other.press("o").isEmpty)
    #expect(other.screen.contains("39 → 30"))
    #expect(!other.press(.escape).contains(.stopFlips(id)))
  }

  @Test("a search that fails says why, and o tries again")
  func searchFails() throws {
    var story = try Self.opened()
    story.press("o")
    story.happens(.case(.flipsFailed(Income.id(8841), Problem("The service does not answer"))))
    #expect(story.screen.contains("✗ The service does not answer"))
    #expect(story.press("o") == [.findFlips(Income.id(8841))])
  }

  @Test("Tab turns the panel under the explanation")
  func panels() throws {
    var story = CaseScreenTests.opened(try Kinds.wineContent())
    let id = Income.id(9007)
    #expect(story.screen.contains("─ Each class ─"))
    story.press("o")
    story.happens(.case(.flipsFound(id, Self.flips)))
    #expect(story.screen.contains("─ Flips from >50K to <=50K ─"))
    story.press(.tab)
    #expect(story.screen.contains("─ Each class ─"))
    story.press(.backTab)
    #expect(story.screen.contains("─ Flips from >50K to <=50K ─"))
  }

  @Test("a picture has no single value to change, a text none to search: both are said")
  func obstacles() throws {
    var picture = CaseScreenTests.opened(try Kinds.pictureContent())
    #expect(picture.press("w").isEmpty)
    #expect(picture.toast == "· a picture has no single value to change")
    #expect(picture.press("o").isEmpty)
    var text = CaseScreenTests.opened(try Kinds.textContent())
    #expect(text.press("o").isEmpty)
    #expect(text.toast == "· a text has no single value to search   w asks about another text")
    text.press("w")
    #expect(text.state.case?.whatIf?.field == 0)
    text.press(.control("U"))
    text.press("where is it")
    #expect(
      text.press(.enter) == [
        .probe(ProbeOrder(caseID: Income.id(9120), field: 0, name: "text", value: .text("where is it"), number: 1))
      ])
  }

  @Test("where its panel has no rows the value stands in place of the call, and the answer is said")
  func smallest() throws {
    var story = CaseScreenTests.opened(try Income.content(), columns: 60, rows: 16)
    story.press("w200000")
    #expect(story.screen.contains("─ What-if ─") && !story.screen.contains("Your call"))
    #expect(story.screen.contains("capital_gain  4787 → 200000"))
    #expect(story.frame.cursor?.row == 12)
    story.press(.enter)
    #expect(story.screen.contains("✗ 200000 is outside 0–99999   ⏎ again asks anyway"))
    story.press(.control("U"))
    story.press("0")
    story.press(.enter)
    #expect(story.screen.contains("asking with capital_gain 0…"))
    let order = ProbeOrder(caseID: Income.id(8841), field: 9, name: "capital_gain", value: .integer(0), number: 1)
    let probe = Probe(
      field: "capital_gain", from: "4787", to: "0", before: 0.73, after: 0.19, oldLabel: ">50K", newLabel: "<=50K")
    story.happens(.case(.probed(probe, order)))
    #expect(story.screen.contains("Your call"))
    #expect(story.toast == "● capital_gain 4787 → 0: .73 → .19, becomes <=50K")
    // Where the panel shows the answer it is not said again.
    var large = story.resized(80, 24)
    large.press("w")
    large.happens(.case(.probed(probe, order)))
    #expect(large.screen.contains("─ What-if ─") && large.screen.contains("Your call"))
  }

  @Test("flips to different answers are told apart, in a narrow column as well, and what the numbers are is said")
  func answersApart() throws {
    let flips = Flips(
      found: [
        Probe(
          field: "a_feature_with_a_long_name_1", from: "0.03", to: "12", before: 0.96, after: 0.03,
          oldLabel: "class_1", newLabel: "class_0"),
        Probe(
          field: "a_feature_with_a_long_name_2", from: "high", to: "low", before: 0.96, after: 0.41,
          oldLabel: "class_1", newLabel: "class_2"),
      ], features: 13, untried: 0, rows: 40)
    for (columns, rows) in [(80, 24), (120, 40), (118, 30), (50, 20)] {
      var story = CaseScreenTests.opened(try Kinds.wineContent(), columns: columns, rows: rows)
      story.press("o")
      story.happens(.case(.flipsFound(Income.id(9007), flips)))
      if columns < 60 { story.turns(to: "Flips") }
      let screen = story.screen
      #expect(screen.contains("NOW → THEN") && screen.contains("P(cl") && screen.contains("BECOMES"), "\(screen)")
      let lines = screen.split(separator: "\n")
      #expect(lines.contains { $0.contains("1 ") && $0.contains("0.03 → 12") && $0.contains("class_0") }, "\(screen)")
      #expect(lines.contains { $0.contains("2 ") && $0.contains("high → low") && $0.contains("class_2") }, "\(screen)")
    }
  }

  @Test("where their panel has no rows it is said how many flips were found, and the key that shows them")
  func flipsSaid() throws {
    var story = CaseScreenTests.opened(try Income.content(), columns: 60, rows: 16)
    story.press("o")
    story.happens(.case(.flipsFound(Income.id(8841), Self.flips)))
    #expect(story.toast == "● 3 values flip the answer   O shows one panel at a time")
    var large = try Self.opened()
    large.press("o")
    large.happens(.case(.flipsFound(Income.id(8841), Self.flips)))
    #expect(large.toast.isEmpty)
  }

  @Test("in a narrow column short answers leave their room to the values, which stand whole")
  func narrowValues() throws {
    let flips = Flips(
      found: [
        Probe(
          field: "seal", from: "missing", to: "intact", before: 0.52, after: 0.17, oldLabel: "medium", newLabel: "low"),
        Probe(
          field: "declared_value", from: "63.7", to: "17", before: 0.52, after: 0.41, oldLabel: "medium",
          newLabel: "high"),
      ], features: 11, untried: 0, rows: 90)
    var story = CaseScreenTests.opened(try Kinds.wineContent(), columns: 120, rows: 40)
    story.press("o")
    story.happens(.case(.flipsFound(Income.id(9007), flips)))
    #expect(story.screen.contains("missing → intact") && story.screen.contains("declared"), "\(story.screen)")
    #expect(story.screen.contains(" NEW"))
  }

  /// The record of the case as another version of the model calls its fields.
  static let renamed: Signature = {
    var inputs = Income.signature.inputs
    inputs[9].name = "gain"
    return Signature(inputs: inputs, outputs: Income.signature.outputs)
  }()

  @Test("fields that are called otherwise by now are neither changed nor waited for")
  func otherNames() throws {
    for keys in ["w", "w7"] {
      var story = try Self.opened()
      story.press(keys)
      if keys == "w7" { story.press(.enter) }
      #expect(story.state.case?.whatIf != nil || story.state.case?.asking != nil)
      var content = try Income.content()
      content.signature = Signature(inputs: [], outputs: [])
      story.happens(.caseArrived(content, milliseconds: 2000))
      #expect(story.state.case?.whatIf == nil && story.state.case?.asking == nil)
      #expect(!story.screen.isEmpty)
    }
  }

  @Test("a case of a version that nobody described shows its tensors until that comes, and its own names from then on")
  func otherVersion() throws {
    var content = try Income.content()
    content.signature = nil
    var story = CaseScreenTests.opened(content)
    #expect(story.effects.contains(.loadModel(Income.model)))
    #expect(story.press("w").isEmpty && story.state.case?.whatIf == nil)
    story.happens(
      .described(Model(id: ModelID("income-classifier", version: "4"), state: .ready, signature: Self.renamed)))
    #expect(story.state.case?.content.value?.signature == nil)
    story.happens(.described(Model(id: Income.model, state: .ready, signature: Income.signature)))
    #expect(story.state.case?.content.value?.signature == Income.signature)
    let commit = try #require(ReviewScreenTests.saved(story.press("as")).first)
    #expect(commit.signature == Income.signature)
    content.canExplain = nil
    #expect(!CaseScreenTests.opened(content).effects.contains(.loadModel(Income.model)), "the service may be away")
  }

  @Test("in plain mode Tab goes to the next field also from a category")
  func plainTab() throws {
    var story = SpokenStory(try Self.opened().state)
    story.types("j")
    #expect(story.types("w").contains { $0.contains("Tab goes to the next field") })
    story.types("Tab")
    #expect(story.state.case?.whatIf?.field == 5)
  }
}
