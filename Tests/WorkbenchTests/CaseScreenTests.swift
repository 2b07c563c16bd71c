import Domain
import Frames
import SafeText
import Testing

@testable import Workbench

/// A case on screen: the designed one with all that can be said of it, three classes, a text, a picture.
@Suite("The case screen")
struct CaseScreenTests {
  static func opened(_ content: CaseContent, columns: Int = 80, rows: Int = 24, siblings: [ShortHash] = []) -> Story {
    var story = Story(columns: columns, rows: rows)
    story.happens(.linked(service: .up, collector: .up), .waiting(3))
    _ = App.openCase(&story.state, content.case.id, among: siblings.isEmpty ? [content.case.id] : siblings)
    story.happens(.caseArrived(content, milliseconds: 1000))
    return story
  }

  @Test("looks as designed in every state")
  func gallery() throws {
    var gallery = Gallery()
    var loading = Story()
    _ = App.openCase(&loading.state, Income.id(8841), among: [])
    gallery.add("loading", loading)
    loading.happens(
      .case(.failed(Problem("The ledger could not be read", advice: "Another program may hold it: mds doctor tells."))))
    gallery.add("failed", loading)

    let content = try Income.content()
    var story = Self.opened(content, siblings: [Income.id(8840), Income.id(8841)])
    gallery.add("two classes, an anchor", story)
    story.press("d1c4r2")
    story.press(.enter)
    gallery.add("judged, not saved", story)
    story.press("e")
    gallery.add("the anchor itself", story)
    story.press("en")
    story.press("paid once")
    gallery.add("writing a note", story)

    var unexplained = Self.opened(try Income.content(explanations: [], record: nil))
    gallery.add("explanation on its way", unexplained)
    unexplained.happens(
      .explainFailed(Income.id(8841), Problem("The service has no model income-shap", advice: "It may be loading.")))
    gallery.add("no explanation", unexplained)

    gallery.add("three classes", Self.opened(try Kinds.wineContent()))
    gallery.add("a text", Self.opened(try Kinds.textContent()))
    gallery.add("a picture", Self.opened(try Kinds.pictureContent()))
    gallery.expect(named: "case")
  }

  @Test("without an explanation the record is on screen, also of a model that nobody has described")
  func record() throws {
    var content = try Income.content(explanations: [], record: nil)
    content.canExplain = false
    let described = Self.opened(content)
    #expect(described.screen.contains("No explainer serves this model."))
    #expect(described.screen.contains("capital_gain "))
    content.signature = nil
    content.case.record = Record(tensors: [
      Tensor(name: "x", datatype: .int64, shape: [1, 1], elements: .signed([7749]))
    ])
    var bare = Self.opened(content)
    #expect(bare.screen.contains("x 7749"))
    bare.press("t")
    #expect(bare.screen.contains("7749"))
  }

  @Test("uses the room of wide and tall screens, and gives up what matters least on small ones")
  func sizes() throws {
    var flipped = Self.opened(try Income.content(), columns: 120, rows: 40)
    flipped.happens(.case(.flipsFound(Income.id(8841), ProbingTests.flips)))
    flipped.happens(.case(.probed(ProbingTests.probe, ProbingTests.order)))
    flipped.press("d1c4r2")
    flipped.press(.enter)
    flipped.press("=jj!")
    flipped.press(":rate 4")
    flipped.press(.enter)
    var gallery = Gallery()
    gallery.add("120x40", flipped)
    gallery.add("200x50", Self.opened(try Kinds.wineContent(), columns: 200, rows: 50))
    gallery.add("200x50 picture", Self.opened(try Kinds.pictureContent(), columns: 200, rows: 50))
    gallery.add("60x16", Self.opened(try Kinds.wineContent(), columns: 60, rows: 16))
    gallery.add("ASCII", Self.opened(try Kinds.wineContent()).frame.ascii())
    gallery.expect(named: "case-sizes")
  }

  @Test("draws names, values and notes from outside as text, however they are made")
  func hostile() throws {
    var content = try Income.content(explanations: [])
    content.case.model = ModelID("evil\u{1B}[2J\u{202E}model", version: "9\n9")
    let feature = Attributions.Feature(name: "\u{1B}]0;owned\u{07}naïve 漢字かな交じり文の長い名前", value: "行\u{0}1\r\n2")
    content.case.explanations = [
      Explanation(
        explainer: ModelID("x"), method: "Tree\u{1B}[31m SHAP",
        content: .attributions(
          Attributions(
            link: .logOdds, isExact: false, features: [feature, .init(name: "b", value: "2")],
            classes: [.init(label: ">50K", base: 0, shares: [0.5, .nan], output: nil)])))
    ]
    content.case.judgements[0].analyst = "evil\u{1B}[8m@las"
    let story = Self.opened(content)
    #expect(!story.screen.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!story.screen.unicodeScalars.contains("\u{202E}"))
    var gallery = Gallery()
    gallery.add("hostile names", story)
    gallery.expect(named: "case-hostile")
  }

  @Test("says how often the model was right at this confidence, also where the answer has three classes")
  func trackRecord() throws {
    #expect(Self.opened(try Income.content()).line(2).contains("at .7–.8: 84/120 right [61–77 %]"))
    #expect(Self.opened(try Kinds.wineContent()).line(1).contains("at .9–1.0: 31/33 right [80–98 %]"))
    #expect(!Self.opened(try Income.content(record: nil)).screen.contains("right ["))
  }

  @Test("h and l turn to another class and the table keeps all in view")
  func classes() throws {
    var story = Self.opened(try Kinds.wineContent())
    #expect(story.screen.contains("Why class_1: Tree SHAP, exact"))
    story.press("l")
    #expect(story.screen.contains("Why class_2: Tree SHAP, exact"))
    story.press("l")
    #expect(story.screen.contains("Why class_0: Tree SHAP, exact"))
    story.press("h")
    #expect(story.screen.contains("Why class_2: Tree SHAP, exact"))
    #expect(story.state.case?.rows.selected == 11)
  }

  @Test("e turns to the next explanation and back to the first")
  func nextExplanation() throws {
    var story = Self.opened(try Income.content())
    #expect(story.screen.contains("━ Why: Tree SHAP, exact  1/2 ━"))
    story.press("e")
    #expect(story.screen.contains("━ Why: Anchor ━"))
    story.press("e")
    #expect(story.screen.contains("━ Why: Tree SHAP, exact  1/2 ━"))
  }

  @Test("a sum that is not f(x) is said, not hidden")
  func gap() throws {
    var content = try Income.content()
    guard case .attributions(var attributions) = content.case.explanations[0].content else { return }
    attributions.classes[0].output = 1.12
    content.case.explanations[0].content = .attributions(attributions)
    #expect(Self.opened(content).screen.contains("✗ sum off by .100"))
  }

  @Test("counts, G, gg and page keys move through the features, those of the last row included")
  func moves() throws {
    var story = Self.opened(try Kinds.wineContent())
    let ranked = story.state.case?.rows.indices.map { Int($0) } ?? []
    story.press("3j")
    #expect(story.state.case?.rows.selected == ranked[3])
    story.press("2k")
    #expect(story.state.case?.rows.selected == ranked[1])
    story.press("G")
    #expect(story.state.case?.rows.selected == ranked[12])
    #expect(story.screen.contains("▌ "))
    story.press("gg")
    #expect(story.state.case?.rows.selected == ranked[0])
    story.press("5gg")
    #expect(story.state.case?.rows.selected == ranked[4])
    story.press(.home, .pageDown)
    #expect(story.state.case?.rows.selection == story.state.case?.rows.height)
    story.press(.pageUp)
    #expect(story.state.case?.rows.selection == 0)
  }

  @Test("J and K go through the list that the case was opened from")
  func siblings() throws {
    let ids = [Income.id(1), Income.id(8841), Income.id(3)]
    var story = Self.opened(try Income.content(), siblings: ids)
    #expect(story.footer.contains("8841  2/3"))
    #expect(story.press("J") == [.loadCase(ids[2])])
    #expect(story.press("J").isEmpty)
    #expect(story.press("KK") == [.loadCase(ids[1]), .loadCase(ids[0])])
    #expect(story.state.place == .case(ids[0]))
  }

  @Test("R reads the case again and asks the explainer again")
  func reload() throws {
    var story = Self.opened(try Income.content())
    #expect(story.press("R") == [.loadCase(Income.id(8841)), .explain(Income.id(8841))])
    #expect(story.state.case?.content.value != nil)
  }

  @Test("t shows the case as tables, flips and probes among them")
  func table() throws {
    var story = Self.opened(try Income.content(), rows: 60)
    story.happens(.case(.flipsFound(Income.id(8841), ProbingTests.flips)))
    story.happens(.case(.probed(ProbingTests.probe, ProbingTests.order)))
    story.press("t")
    var gallery = Gallery()
    gallery.add("table form", story)
    gallery.expect(named: "case-table")
    #expect(story.press("y").count == 1)
    story.press(.escape)
    #expect(story.state.overlay == nil)
  }

  @Test("one of several features that drifted never stands as if it were the only one; the outlier's words go first")
  func signals() throws {
    var content = try Income.content()
    let said = { (columns: Int) in CaseScreen.signals(content, columns: columns, now: Income.window.from).text.text }
    #expect(said(78) == "▲ drift 06–12Z: age, occupation, … (3 of 12)   ● outlier: no (IForest −.067)")
    #expect(said(58) == "▲ drift 06–12Z: age +2   ● outlier: no (IForest −.067)")
    #expect(said(48) == "▲ drift 06–12Z: age +2   ● outlier: no (−.067)")
    #expect(said(40) == "▲ drift 06–12Z: age +2   ● outlier: no")
    let long = RawText("a_feature_with_a_name_that_fits_nowhere")
    let features = Income.window.result?.features.map { feature in
      var feature = feature
      if feature.name == "age" { feature.name = long }
      return feature
    }
    content.window?.result?.features = features ?? []
    for columns in 40..<120 {
      let text = CaseScreen.signals(content, columns: columns, now: Income.window.from).text.text
      #expect(text.contains("+2") || text.contains("3 of 12"), "\(text)")
    }
    let least = CaseScreen.signals(content, columns: 58, now: Income.window.from).text.text
    #expect(least == "▲ drift 06–12Z: a_feature_w…its_nowhere +2   ● outlier: no")
  }

  @Test("a window of another day than today is told with its day; in words what no detector said is not known")
  func olderWindow() throws {
    var content = try Income.content()
    let later = Income.window.from.advanced(bySeconds: 2 * 86_400)
    let day = Income.window.from.weekdayText
    let text = CaseScreen.signals(content, columns: 78, now: later).text.text
    #expect(text.hasPrefix("▲ drift \(day) 06–12Z: "), "\(text)")
    let words = CaseScreen.spokenSignals(content, now: Income.window.from)
    #expect(words.count == 2 && words[0].contains("drift 06–12Z") && words[1].contains("outlier: no"), "\(words)")
    content.window = nil
    content.case.outlier = nil
    #expect(CaseScreen.spokenSignals(content, now: later) == ["drift: not known", "outlier: not known"])
  }

  @Test("margins of another answer than the one in view are not told as what its probabilities were made of")
  func margins() {
    func fit(_ scores: (Double?, Double?)...) -> String? {
      MarginFit(scores.map { ClassScore(label: "a", probability: $0.0, margin: $0.1) })?.text
    }
    #expect(fit((0.09, -1.0), (0.665, 1.0), (0.245, 0.0)) == "softmax of 3 margins")
    #expect(fit((0.58, -1.73), (0.31, -1.77), (0.11, 2.84)) == "why and margins are of another answer")
    #expect(fit((0.2, -1), (0.8, 3)) == "2 margins")
    #expect(fit((nil, -1), (nil, 3)) == "softmax of 2 margins")
    #expect(fit((0.2, nil), (0.8, 3)) == nil)
    #expect(fit((0.2, .nan), (0.8, 3)) != "softmax of 2 margins")
  }

  @Test("what the right column would cut is wrapped into the rows that it has left")
  func wrappedColumn() throws {
    let story = Self.opened(try Kinds.wineContent(), columns: 120, rows: 40)
    #expect(story.screen.contains("no window of its time was"), "\(story.screen)")
    #expect(story.screen.contains("compared"), "\(story.screen)")
  }

  @Test("an explanation that is as it was leaves cursor and class; where there are fewer, one of them is shown")
  func explainedAgain() throws {
    var story = Self.opened(try Kinds.wineContent())
    story.press("ljj")
    let before = try #require(story.state.case)
    #expect(before.rows.selection == 2)
    var explained = try Kinds.wineContent().case
    explained.explanations[0].latency = 99
    story.happens(.explained(explained))
    #expect(story.state.case?.rows.selection == 2 && story.state.case?.classIndex == before.classIndex)
    var two = Self.opened(try Income.content())
    two.press("e")
    #expect(two.state.case?.explanation == 1)
    two.happens(.explained(try Income.content(explanations: [Income.attributions]).case))
    #expect(two.state.case?.explanation == 0 && two.state.case?.shownExplanation == Income.attributions)
  }
}
