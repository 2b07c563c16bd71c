import Domain
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The form")
struct InferScreenTests {
  static func opened(
    _ signature: Signature? = Income.signature, filled: Bool = true, columns: Int = 80, rows: Int = 24
  ) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    _ = App.open(&story.state, .infer(Income.model), 0)
    guard let signature else { return story }
    story.happens(.infer(.described(signature)))
    if filled, signature == Income.signature {
      story.happens(.infer(.read(.init(name: "adult.csv:8841", texts: [Income.values.map(\.text)]))))
    }
    return story
  }

  static func answer(_ story: Story) -> Action {
    .answered(
      InferScreen.Answer(
        prediction: Income.prediction(), caseID: Income.id(8841), number: 8841, at: Stub.now.advanced(bySeconds: -360)),
      order: story.state.infer?.order ?? 0, opens: false)
  }

  @Test("looks as designed in every state")
  func gallery() {
    var gallery = Gallery()
    var loading = Self.opened(nil)
    gallery.add("loading", loading)
    loading.happens(
      .describeFailed(Income.model, Problem("income-classifier v3 is not loaded", advice: "R asks again")))
    gallery.add("failed", loading)
    gallery.add("empty", Self.opened(filled: false))
    var story = Self.opened()
    story.press("x")
    story.happens(Self.answer(story))
    story.press("G400")
    gallery.add("editing past the range", story)
    story.press(.escape)
    gallery.add("a value outside its range", story)
    story.press("x")
    gallery.add("not sent", story)
    story.press("ggj")
    story.press(.enter)
    gallery.add("choosing", story)
    story.press(.escape)
    story.happens(.infer(.remembered([Income.values, Income.values])))
    story.press("H")
    gallery.add("recalling", story)
    story.press(.escape)
    story.press("o")
    story.press("~/cases/mon")
    gallery.add("opening a file", story)
    story.press(.escape)
    story.press("f")
    story.happens(
      .infer(
        .refused(
          Problem(
            "The service could not use the input: 500, not retried.",
            advice: "The model wants 12 values in a row and got 13.", detail: "builtins.ValueError: cannot reshape"),
          order: story.state.infer?.order ?? 0)))
    gallery.add("refused", story)
    story.press("gl")
    story.press(.enter)
    gallery.add("the problem in full", story)
    gallery.expect(named: "infer")
  }

  @Test("other kinds of fields, other sizes, hostile names")
  func kinds() {
    var gallery = Gallery()
    var picture = Self.opened(Kinds.digits, filled: false)
    let pixels = RawText(Kinds.pixels.map { "\(Int($0))" }.joined(separator: " "))
    picture.happens(.infer(.read(.init(name: "d.json", texts: [[pixels]]))))
    gallery.add("a picture", picture)
    gallery.add("a text", Self.opened(Kinds.intent, filled: false))
    gallery.add("numbers with long names", Self.opened(Kinds.wine, filled: false))
    var lists = Self.opened(Kinds.tokens, filled: false)
    let ids = RawText((0..<40).map { "\(9_007_199_254_740_993 + $0)" }.joined(separator: " "))
    lists.happens(.infer(.read(.init(name: "t.csv", texts: [["101 2023 102", ids, #"["a b","c"]"#, "0 2.5", "1"]]))))
    lists.press("jjj")
    gallery.add("lists", lists)
    gallery.add("120x40", Self.opened(columns: 120, rows: 40))
    gallery.add("60x16", Self.opened(columns: 60, rows: 16))
    gallery.add("ASCII", Self.opened().frame.ascii())
    let hostile = Signature(
      inputs: [
        Income.labels("\u{1B}[31mred\u{202E}", ["\u{7}a", "漢字かな交じり文の長いラベル"]),
        TensorSpec(
          name: "x", datatype: .fp64, shape: [-1, 1],
          parameters: [
            .init("units", ["\u{1B}]0;u\u{7}"]), .init("ranges", .array([.array([.number(-1e300), .number(1e300)])])),
          ]),
      ], outputs: [])
    gallery.add("hostile names", Self.opened(hostile))
    gallery.expect(named: "infer-kinds")
  }

  @Test("a list is edited as it is typed, and goes to the editor and back as JSON")
  func lists() throws {
    var story = Self.opened(Kinds.tokens, filled: false)
    story.press("7 9007199254740993")
    story.press(.enter)
    #expect(story.state.infer?.entries[0].value == .list(.signed([7, 9_007_199_254_740_993])))
    story.happens(.infer(.edited(#"{"ids": [1, 18], "scores": [0.1, "NaN"], "words": ["a b", "c"], "open": null}"#)))
    #expect(story.state.infer?.entries[0].text == "1 18")
    #expect(story.state.infer?.entries[2].value == .list(.bytes(["a b", "c"])))
    let json = try JSON(parsing: InferScreen.json(of: try #require(story.state.infer)))
    #expect(json["ids"] == [1, 18] && json["scores"] == [0.1, "NaN"] && json["words"] == ["a b", "c"])
    story.press("x")
    #expect(story.state.infer?.notice?.words.contains("needs a value") == true)
  }

  @Test("a list is cut to its room, with how many there are")
  func cut() {
    func shown(_ elements: Tensor.Elements, _ cells: Int) -> String {
      FieldValue.list(elements).shown(cells: cells).text
    }
    let list = Tensor.Elements.signed([1, 20, 300, 4000])
    #expect(shown(list, 13) == "1 20 300 4000")
    #expect(shown(list, 12) == "1 20 … (4)")
    #expect(shown(list, 9) == "1 … (4)")
    #expect(shown(list, 7) == "1 … (4)")
    #expect(shown(.bytes(["a b", "c d", "e"]), 20) == "a b, c d, e")
    #expect(shown(.bytes(["a long text", "c"]), 12) == "a lon… … (2)")
    #expect(shown(.double([0.25]), 3) == "0.…")
  }

  @Test("a digit or a sign begins to edit a number in place; letters are commands until then")
  func beginsEditing() {
    var story = Self.opened()
    story.press("4")
    #expect(story.state.infer?.entries[0].text == "4")
    story.press("1")
    story.press(.enter)
    #expect(story.state.infer?.entries[0].value == .integer(41))
    #expect(story.state.infer?.rows.selection == 1)
    // On a category a digit is a count.
    story.press("2j")
    #expect(story.state.infer?.rows.selection == 3)
    story.press("-")
    #expect(story.state.infer?.entries[3].text == "-")
    story.press("gd")
    #expect(story.state.infer?.entries[3].text == "-gd")
    #expect(story.state.place == .infer(Income.model))
  }

  @Test("Esc leaves the field with what was typed, ↑ and ↓ go on to the next")
  func editing() {
    var story = Self.opened()
    story.press(.enter)
    story.press(.control("U"))
    story.press("50")
    story.press(.escape)
    #expect(story.state.infer?.mode == .idle)
    #expect(story.state.infer?.entries[0].text == "50")
    #expect(story.state.infer?.rows.selection == 0)
    story.press("5")
    story.press(.down)
    #expect(story.state.infer?.rows.selection == 1)
  }

  @Test(
    "each message is worded as designed",
    arguments: [
      ("hours_per_week", "400", "✗ hours_per_week 400 is outside 1–99", true),
      ("age", "old", "✗ age old is not a number", false), ("age", "3.5", "✗ age 3.5 is not a whole number", false),
      ("age", "99999999999999999999", "✗ age 99999999999999999999 does not fit INT64", false),
      ("sex", "Mal", "✗ sex Mal is not one of its values; did you mean Male?", true),
    ])
  func messages(field: String, text: String, message: String, canBeSent: Bool) throws {
    var story = Self.opened()
    let index = try #require(Income.signature.fields.firstIndex { $0.name.string == field })
    var texts = Income.values.map(\.text)
    texts[index] = RawText(text)
    story.happens(.infer(.read(.init(name: "f", texts: [texts]))))
    story.press("gg" + String(repeating: "j", count: index))
    // Under the form, wrapped where it is long.
    let notice = (19...20).map { String(story.line($0).prefix(45)) }.joined(separator: " ")
    #expect(notice.split(separator: " ").joined(separator: " ") == message, "\(story.screen)")
    #expect(story.line(21).contains("f sends it anyway") == canBeSent)
    #expect(story.footer.contains("✗ 1 problem"))
    #expect(story.press("x").isEmpty)
    #expect(story.press("f").count == (canBeSent ? 1 : 0))
  }

  @Test("x sends, X sends and opens the explained case, a newer answer stands over an older one")
  func sends() {
    var story = Self.opened()
    #expect(
      story.press("x") == [
        .infer(InferenceOrder(number: 1, model: Income.model, values: Income.values, explains: false))
      ])
    #expect(story.screen.contains("asking…"))
    let early = Self.answer(story)
    let later = story.press("X")
    #expect(later == [.infer(InferenceOrder(number: 2, model: Income.model, values: Income.values, explains: true))])
    story.happens(early)
    #expect(story.state.infer?.answer.value == nil)
    guard case .answered(let answer, _, _) = Self.answer(story) else { return }
    #expect(
      story.happens(.answered(answer, order: 2, opens: true)) == [
        .loadHistory(Income.model), .loadCase(Income.id(8841)),
      ])
    #expect(story.state.place == .case(Income.id(8841)))
  }

  @Test("a record of a file is sent with its own id and time, until a value of it is changed") func recordOfFile() {
    var story = Self.opened()
    let at = Stub.now.advanced(bySeconds: -86_400)
    let rows = [InferScreen.Batch.Row(texts: Income.values.map(\.text), sourceID: "REC-1", at: at)]
    story.happens(.infer(.read(.init(name: "week.jsonl", records: rows + rows))))
    var order = InferenceOrder(number: 1, model: Income.model, values: Income.values, explains: false)
    order.sourceID = "REC-1"
    order.at = at
    #expect(story.press("x") == [.infer(order)])
    story.press(.enter, .backspace)
    story.press("8")
    story.press(.enter)
    guard case .infer(let changed)? = story.press("x").first else {
      Issue.record("nothing was sent\n\(story.screen)")
      return
    }
    #expect(changed.sourceID == "" && changed.at == nil && changed.values != Income.values)
    // The next record of the file is one of the file's again.
    story.press("J")
    guard case .infer(let next)? = story.press("x").first else { return }
    #expect(next.sourceID == "REC-1" && next.at == at)
  }

  @Test("an empty form is not sent: the first field that needs a value is selected")
  func required() {
    var story = Self.opened(filled: false)
    story.press("jjjjj")
    #expect(story.press("x").isEmpty)
    #expect(story.line(20).contains("✗ age needs a value"))
    #expect(story.state.infer?.rows.selection == 0)
  }

  @Test("a choice is taken from its list, by a letter, or turned in place with h and l")
  func choices() {
    var story = Self.opened()
    story.press("j")
    story.press(.enter)
    story.press("p")
    story.press(.enter)
    #expect(story.state.infer?.entries[1].text == "Private")
    story.press("kl")
    #expect(story.state.infer?.entries[1].text == "State-gov")
    story.press("hh")
    #expect(story.state.infer?.entries[1].text == "Self-emp")
  }

  @Test("pasted text is a record: JSON by name, or values in order; in a field it is text")
  func paste() {
    var story = Self.opened(filled: false)
    story.happens(.pasted("{\"age\": 51, \"sex\": \"Female\"}"))
    #expect(story.state.infer?.entries[0].value == .integer(51))
    #expect(story.state.infer?.entries[8].value == .text("Female"))
    story.happens(.pasted("17\tPrivate\tMasters\n"))
    #expect(story.state.infer?.entries[0].value == .integer(17))
    #expect(story.state.infer?.entries[2].value == .text("Masters"))
    story.happens(.pasted("{\"ages\": 51}"))
    #expect(story.line(20).contains("✗ No field is named ages"))
    #expect(story.line(21).contains("did you mean age?"))
    story.happens(.pasted("{oops"))
    #expect(story.line(19).contains("✗ The text is no JSON"))
    story.press("gg1")
    story.happens(.pasted("9"))
    #expect(story.state.infer?.entries[0].text == "19")
  }

  @Test(
    "what is pasted before the model has said what it takes waits in the clipboard", arguments: ["1,2", "{\"a\": 1}"])
  func early(text: String) {
    var story = Self.opened(nil)
    story.happens(.pasted(text))
    #expect(story.screen.contains("no fields yet"))
  }

  @Test("e hands the form to the editor as JSON and takes it back")
  func editor() throws {
    var story = Self.opened()
    guard case .edit(let json) = story.press("e").first else {
      Issue.record("nothing to edit")
      return
    }
    #expect(json.contains("\"capital_gain\": 4787"))
    let edited = String(json.map { $0 }).replacing("4787", with: "5000")
    story.happens(.infer(.edited(edited)))
    #expect(story.state.infer?.entries[9].value == .integer(5000))
  }

  @Test("o reads a file, J and K go through its rows, H brings back an earlier input")
  func files() {
    var story = Self.opened(filled: false)
    story.press("o")
    story.press("~/adult.csv")
    #expect(story.press(.enter) == [.readInputs(path: "~/adult.csv", Income.model)])
    // One that cannot be read is corrected, not typed again.
    story.happens(.failed(Problem("The file ~/adult.csv cannot be read")))
    story.press("o")
    #expect(story.press(.enter) == [.readInputs(path: "~/adult.csv", Income.model)])
    var second = Income.values.map(\.text)
    second[0] = "22"
    story.happens(.infer(.read(.init(name: "adult.csv", texts: [Income.values.map(\.text), second]))))
    #expect(story.line(1).contains("Input  row 1 of 2"))
    story.press("J")
    #expect(story.state.infer?.entries[0].value == .integer(22))
    #expect(story.line(1).contains("Input  row 2 of 2"))
    story.press("JK")
    #expect(story.state.infer?.entries[0].value == .integer(39))
    #expect(story.press("H") == [.loadHistory(Income.model)])
    story.happens(.infer(.remembered([[.integer(64)] + Income.values.dropFirst()])))
    story.press("H")
    story.press(.enter)
    #expect(story.state.infer?.entries[0].value == .integer(64))
  }

  /// A file of 214 rows, so far scored.
  static func scoring(_ done: Int, _ stage: FileScoring.Stage = .running, output: String? = nil) -> FileScoring {
    var scoring = FileScoring(model: Income.model, name: "monday.csv", output: output)
    scoring.stage = stage
    scoring.progress.rows = 214
    scoring.progress.scored = done - min(done, 7)
    scoring.progress.setAside = min(done, 7)
    scoring.progress.rate = done > 0 ? 27 : nil
    if !scoring.isRunning, output == nil { scoring.cases = [Income.id(1), Income.id(2)] }
    return scoring
  }

  @Test("a long file is scored behind the form; Esc stops it, r opens its cases")
  func longFile() {
    var story = Self.opened()
    story.press("o")
    story.press("~/cases/monday.csv")
    story.press(.enter)
    let begun = story.happens(.infer(.isLong(path: "~/cases/monday.csv")))
    #expect(begun == [.scoreFile(path: "~/cases/monday.csv", Income.model)])
    story.happens(.infer(.scored(Self.scoring(133))))
    #expect(story.happens(.infer(.isLong(path: "b.csv"))) == [])
    #expect(story.press(.escape) == [.stopScoring(Income.model)])
    #expect(story.state.place == .infer(Income.model))
    #expect(story.press("r") == [])
    story.happens(.infer(.scored(Self.scoring(133, .stopped))))
    story.press("r")
    #expect(story.state.place == .case(Income.id(1)))
    #expect(story.state.case?.siblings == [Income.id(1), Income.id(2)])
    // Somebody who went elsewhere is told.
    story.happens(.infer(.scored(Self.scoring(214, .done))))
    #expect(story.state.toast?.text == "monday.csv: 207 rows scored")
    story.press(.escape)
    story.press(.escape)
    #expect(story.state.place == .models)
  }

  @Test("the panel of a scored file looks as designed in every state")
  func batchGallery() {
    var gallery = Gallery()
    var story = Self.opened()
    for (name, scoring) in [
      ("beginning", FileScoring(model: Income.model, name: "monday.csv")), ("running", Self.scoring(133)),
      ("done", Self.scoring(214, .done)), ("stopped", Self.scoring(133, .stopped)),
      ("failed", Self.scoring(133, .failed(Problem("desk.example refused the connection on port 8080")))),
      ("into a file", Self.scoring(214, .done, output: "monday.answers.jsonl")),
    ] {
      story.happens(.infer(.scored(scoring)))
      gallery.add(name, story)
    }
    var busy = Self.scoring(133)
    busy.progress.pause = 8
    story.happens(.infer(.scored(busy)))
    story.press("G400")
    story.press(.escape)
    gallery.add("busy, and a value outside its range", story)
    gallery.expect(named: "infer-batch")
  }

  @Test("R reads the metadata again and keeps what is filled in")
  func reload() {
    var story = Self.opened()
    #expect(story.press("R") == [.loadModel(Income.model), .loadHistory(Income.model)])
    story.happens(.infer(.described(Income.signature)))
    #expect(story.state.infer?.entries[0].value == .integer(39))
  }

  @Test("a long text is read and typed over the rows that the form has free")
  func longText() {
    var story = Self.opened(Kinds.intent, filled: false)
    story.press(.enter)
    let words = (1...40).map { "word\($0)" }.joined(separator: " ")
    story.happens(.pasted(words))
    let shown = { (story: Story) in (1...40).count { story.screen.contains("word\($0)") } }
    // While it is typed a word may be parted where a row ends.
    #expect(shown(story) >= 28, "\(story.screen)")
    let row = story.frame.cursor?.row ?? 0
    #expect(row > 4 && row < 20, "\(story.screen)")
    story.press(.home)
    #expect(story.frame.cursor?.row == 3)
    story.press(.escape)
    #expect(shown(story) == 40, "\(story.screen)")
  }
}
