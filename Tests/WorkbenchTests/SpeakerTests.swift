import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// A workbench without a screen: lines that are typed, and what is said.
struct SpokenStory {
  var state: AppState
  var speaker: Speaker
  var effects: [Effect] = []

  init(_ state: AppState, isASCII: Bool = false) {
    self.state = state
    speaker = Speaker(isASCII: isASCII)
  }

  /// Everything of the screen, as it is said when it opens.
  mutating func opens() -> [String] { speaker.changes(to: state) }

  mutating func happens(_ actions: Action...) -> [String] {
    for action in actions { apply(action) }
    return speaker.changes(to: state)
  }

  /// Types a line, and hears what it came to.
  @discardableResult
  mutating func types(_ line: String) -> [String] {
    switch PlainLine(line, state) {
    case .read: return speaker.screen()
    case .more: return speaker.more()
    case .keys: return speaker.keys()
    case .unknown(let what): return speaker.refusal(what)
    case .steps(let steps):
      for step in steps {
        switch step {
        case .key(let key): apply(.key(key, milliseconds: 1000))
        case .text(let text): apply(.pasted(text))
        }
      }
      return speaker.changes(to: state)
    }
  }

  private mutating func apply(_ action: Action) {
    let asked = App.update(&state, action)
    effects += asked
    let rests = asked.contains { if case .rest = $0 { true } else { false } }
    if rests { apply(.rested(milliseconds: 1000)) }
  }
}

@Suite("Plain mode")
struct SpeakerTests {
  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2190...0x21FF, 0x2500...0x25FF, 0x2800...0x28FF: true
    default: false
    }
  }

  private func income() throws -> AppState {
    var state = Stub.listed()
    let content = try Stub.caseContent()
    _ = App.update(&state, .key(.text("g"), milliseconds: 1))
    _ = App.update(&state, .key(.text("r"), milliseconds: 2))
    let stamp = QueueStamp(queue: "q1", sampler: "mixed", score: 0.5, propensity: 0.4)
    let item = ReviewScreen.Item(content: content, stamp: stamp, why: "p .96")
    let queue = ReviewScreen.Queue(order: QueueOrder(), items: [item])
    _ = App.update(&state, .queueArrived(queue, ReviewScreen.Pace(), milliseconds: 3))
    _ = App.update(&state, .rested(milliseconds: 4))
    return state
  }

  @Test("says a new screen's title, its rows, and the selected row with the names of its columns")
  func newScreen() {
    var story = SpokenStory(Stub.listed())
    let lines = story.opens()
    #expect(lines.first == "Models 4")
    #expect(lines.contains("4 rows. Columns: NAME, VER, STATE, CALLS, P95, ERR%, DRIFT, CASES, QUEUE"))
    let selected = lines.filter { $0.hasPrefix("selected, row ") }
    #expect(selected.count == 1)
    #expect(selected[0].hasPrefix("selected, row 1 of 4: NAME cargo, VER 1, STATE "))
    #expect(selected[0].hasSuffix("CALLS 1204, P95 41 ms, ERR% .20, DRIFT .30, CASES 0, QUEUE 17"))
  }

  @Test("says that a question is over where Esc leaves it, or what stood there is answered", arguments: ["Esc", ""])
  func leavesQuestion(_ line: String) throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    #expect(story.types("n").last?.hasPrefix("type: the note") == true)
    #expect(story.types(line) == ["notice: left as it was"])
    #expect(story.types("c").last?.hasPrefix("type: the confidence") == true)
    #expect(story.types("Esc") == ["notice: left as it was"])
  }

  @Test("says a moved selection alone")
  func movedSelection() {
    var story = SpokenStory(Stub.listed())
    _ = story.opens()
    let lines = story.types("j")
    #expect(lines.filter { $0.hasPrefix("selected, row") }.count == 1)
    #expect(lines.contains { $0.hasPrefix("selected, row 2 of 4: NAME digits") })
    #expect(!lines.contains("Models 4"))
    #expect(story.types("2k").contains { $0.hasPrefix("selected, row 1 of 4: NAME cargo") })
  }

  @Test("takes an empty line for Enter, a sequence of keys, and a command by its name")
  func grammar() {
    let state = Stub.listed()
    #expect(PlainLine("", state) == .steps([.key(.enter)]))
    #expect(PlainLine("gm", state) == .steps([.key(.text("g")), .key(.text("m"))]))
    #expect(PlainLine("3j", state) == .steps([.key(.text("3")), .key(.text("j"))]))
    #expect(PlainLine("3 Down", state) == .steps([.key(.text("3")), .key(.down)]))
    #expect(PlainLine("^D", state) == .steps([.key(.control("D"))]))
    #expect(PlainLine("Esc", state) == .steps([.key(.escape)]))
    #expect(PlainLine(":sync", state) == .steps([.key(.text("S"))]))
    #expect(PlainLine(":go-outbox", state) == .steps([.key(.text("g")), .key(.text("o"))]))
    #expect(PlainLine("?", state) == .keys)
    #expect(PlainLine("read", state) == .read)
    #expect(PlainLine("more", state) == .more)
    #expect(PlainLine(":zzzz", state) == .unknown("there is no command zzzz here; ? says the keys and names"))
  }

  @Test("takes none of several keys where one does nothing: a word that was meant otherwise saves nothing")
  func words() {
    let state = Stub.listed()
    #expect(
      PlainLine("jW", state) == .unknown("W does nothing here, so nothing of jW was done; ? says the keys"))
    #expect(PlainLine("W", state) == .steps([.key(.text("W"))]))
    #expect(PlainLine("grW", state) != .steps("grW".unicodeScalars.map { .key(.text($0)) }))
  }

  @Test("runs what has no key through the palette")
  func palette() {
    var story = SpokenStory(Stub.listed())
    _ = story.opens()
    story.types(":infer wine")
    #expect(story.state.place == .infer(ModelID("wine", version: "2")))
  }

  @Test("takes a line for the text that is asked for, and keeps what is there when the line is empty")
  func text() throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    #expect(story.types("n").contains { $0.hasPrefix("type: the note on one line, now empty.") })
    #expect(story.types("odd: j and ? are text").contains { $0.contains("odd: j and ? are text") })
    #expect(story.state.review.editor?.draft.judgement.note == "odd: j and ? are text")
    story.types("n")
    story.types("")
    #expect(story.state.review.editor?.draft.judgement.note == "odd: j and ? are text")
    story.types("n")
    story.types("\\Esc")
    #expect(story.state.review.editor?.draft.judgement.note == "Esc")
  }

  @Test("picks a label by its name or its number")
  func label() throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    let asked = story.types("d")
    #expect(asked.contains { $0.contains("1 class_0; 2 class_1; 3 class_2") })
    #expect(story.types("class_2").contains { $0.contains("disagree to class_2") })
    #expect(story.types("d1").contains { $0.contains("disagree to class_0") })
  }

  @Test("fills the form: a number for the field under the cursor is typed whole")
  func form() throws {
    var story = SpokenStory(Stub.listed())
    _ = story.opens()
    let form = story.types(":infer wine") + story.happens(.described(Stub.groups[3].model))
    #expect(form.contains { $0.hasPrefix("selected, row 1 of 3: FIELD alcohol") })
    let lines = story.types("13.2")
    #expect(lines.contains { $0.hasPrefix("alcohol: VALUE 13.2") })
    #expect(lines.contains { $0.hasPrefix("selected, row 2 of 3: FIELD ash") })
    #expect(story.types("x").contains { !$0.isEmpty })
  }

  @Test("begins what happened with a word: failed, saved, notice")
  func messages() {
    var story = SpokenStory(Stub.listed())
    _ = story.opens()
    #expect(story.happens(.failed(Problem("no route", advice: "try"))) == ["failed: no route"])
    #expect(story.happens(.notified(Message(.done, "saved #4 agree"))) == ["saved: #4 agree"])
    #expect(story.happens(.notified(Message(.notice, "syncing"))) == ["notice: syncing"])
    #expect(story.happens(.waiting(3)) == ["outbox: 3 wait to be sent"])
    #expect(story.happens(.waiting(3)).isEmpty)
  }

  @Test("says a long list by pages")
  func pages() {
    var state = Stub.app()
    let groups = (1...50).map { Stub.group(RawText("model-\($0)"), "1", .ready, nil) }
    _ = App.update(&state, .models(.listed(.init(groups: groups, at: Stub.now))))
    var story = SpokenStory(state)
    let first = story.opens()
    #expect(first.contains("30 more; more goes on"))
    #expect(story.types("more").last == "10 more lines; more goes on")
    #expect(story.types("more").last == "end")
    #expect(story.types("more") == ["notice: there is no more"])
  }

  @Test("says each key that acts on the screen, with its name and what it does")
  func keys() throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    let lines = story.types("?")
    for binding in story.state.keymap.bindings(in: .review) + story.state.keymap.bindings(in: .everywhere) {
      #expect(
        lines.contains {
          $0.contains(":\(binding.command.rawValue): \(PlainText(isASCII: false).line(binding.meaning))")
        })
    }
  }

  @Test("hides the model's answer while the queue is blind")
  func blind() throws {
    var state = try income()
    state.review.order.isBlind = true
    state.review.lookedAt = []
    var story = SpokenStory(state)
    _ = story.opens()
    let lines = story.types("read")
    #expect(lines.contains("hidden until you have answered"))
    #expect(!lines.contains { $0.contains("class_1, .9") })
  }

  @Test(
    "never says a control character, a drawing or a braille pattern, whatever a name holds", arguments: [false, true])
  func safe(isASCII: Bool) throws {
    let hostile: RawText = "\u{1B}[2J\u{9B}31m⣿█▌→\u{202E}wine\u{7}\r\n\u{E000}é"
    var listed = Stub.app()
    _ = App.update(
      &listed, .models(.listed(.init(groups: [Stub.group(hostile, hostile, .ready, Stub.wine)], at: Stub.now))))
    for state in [Stub.app(), Stub.listed(), try income(), listed] {
      var story = SpokenStory(state, isASCII: isASCII)
      var lines = story.speaker.greeting(banner: hostile.string) + story.opens()
      for line in [
        "j", "n", hostile.string, "", "d", "Esc", "?", "gd", "gf", "gi", "go", "gm", "i", "t", "gl", "read", "c9",
      ] {
        lines += story.types(line)
      }
      lines += story.happens(.failed(Problem(hostile.string, advice: hostile.string, detail: hostile.string)))
      for scalar in lines.joined().unicodeScalars {
        #expect(!isHidden(scalar))
        #expect(!isASCII || scalar.isASCII)
      }
    }
  }

  @Test("a line that is none of the labels changes nothing, and says what can be chosen", arguments: ["d", "Q"])
  func noChoice(key: String) throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    story.types("n")
    story.types("kept")
    story.types(key)
    let before = (story.state, story.effects)
    for line in ["compliantz", "xyz", "14", "class", "class_1 s", "?"] {
      let said = story.types(line)
      #expect(said.count == 1 && said[0].contains("\(line) is none of these") && said[0].contains("Esc leaves"))
    }
    #expect(before.0 == story.state && before.1 == story.effects)
    story.types("Esc")
    #expect(!story.state.isAsking)
  }

  @Test("the beginning of just one label is that label")
  func beginning() throws {
    var state = try income()
    state.review.editor?.labels = ["complaint", "question", "urgent"]
    var story = SpokenStory(state)
    _ = story.opens()
    story.types("d")
    #expect(story.types("Urg").contains { $0.contains("disagree to urgent") })
  }

  @Test("that the model is wrong is said alone with s, which the question offers, and with none where a label is an s")
  func noLabel() throws {
    for (labels, word) in [
      (["class_1"], "s"), (["class_1", "spam"], "s"), (["class_1", "S", "spam"], "none"),
    ] as [([RawText], String)] {
      var state = try income()
      state.review.editor?.labels = labels
      var story = SpokenStory(state)
      _ = story.opens()
      #expect(story.types("d").contains { $0.contains(" \(word) says none of them. Esc leaves.") })
      #expect(story.types(word) == ["right label: none"])
      let judgement = story.state.review.editor?.draft.judgement
      #expect(judgement?.verdict == .disagree && judgement?.right == nil && !story.state.isAsking)
      story.types("s")
      #expect(story.effects.contains { if case .commit = $0 { true } else { false } })
    }
    // Where the answer is hidden there is nothing to call wrong.
    var hidden = try income()
    hidden.review.order.isBlind = true
    hidden.review.lookedAt = []
    var story = SpokenStory(hidden)
    _ = story.opens()
    #expect(!story.types("d").contains { $0.contains("none of them") })
  }

  @Test("no word is taken for keys where a confidence, a skip or reasons are asked for", arguments: ["c", "x", "r"])
  func noAnswer(key: String) throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    story.types("u")
    story.types(key)
    let before = (story.state, story.effects)
    for line in ["four", "9", "fur"] {
      #expect(story.types(line).contains { $0.contains("\(line) is no answer") && $0.contains("type: ") })
    }
    #expect(before.0 == story.state && before.1 == story.effects)
    story.types("1")
    #expect(before.0 != story.state)
  }

  @Test("a number that is right is typed on one line")
  func number() throws {
    var story = SpokenStory(CaseScreenTests.opened(try RightAnswerTests.number()).state)
    _ = story.opens()
    #expect(story.types("d").contains { $0.hasPrefix("type: the right number") })
    #expect(story.types("19.5").contains { $0.contains("disagree to 19.5") })
  }

  @Test("keys are said by their names, in whatever place they stand")
  func keyNames() throws {
    var story = SpokenStory(CaseScreenTests.opened(try Income.content()).state)
    _ = story.opens()
    let lines = story.types("?")
    #expect(lines.contains { $0.hasPrefix("l or Right, :move-right: ") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("h or Left, :move-left: ") })
    #expect(lines.contains { $0.hasPrefix("j or Down, :move-down: ") })
    #expect(lines.contains { $0.hasPrefix("S-Tab, :previous-panel: ") })
  }

  @Test("the empty line that ends the reasons says them")
  func reasonsEnd() throws {
    var story = SpokenStory(CaseScreenTests.opened(try Income.content()).state)
    _ = story.opens()
    story.types("u")
    story.types("r")
    #expect(story.types("") == ["reasons: none"])
    story.types("r")
    story.types("13")
    #expect(story.types("") == ["reasons: data wrong; rule misses context"])
  }

  @Test("a mark is said where it is put, changed and taken off")
  func marks() throws {
    var story = SpokenStory(CaseScreenTests.opened(try Income.content()).state)
    _ = story.opens()
    #expect(story.types("!") == ["Your call: capital_gain: spurious"])
    #expect(story.types("+") == ["Your call: capital_gain: missing"])
    #expect(story.types("+") == ["taken off: capital_gain: missing"])
  }

  @Test(
    "only what is absent is none: a dot between words parts them",
    arguments: [
      ("·", "none"), ("P95 ·", "P95 none"), ("·, +.13", "none, +.13"), ("Price 3 · 4 pallets", "Price 3, 4 pallets"),
      ("my · note", "my, note"), ("450 of 450 rows · 536 rows/s · 0 s left", "450 of 450 rows, 536 rows/s, 0 s left"),
      ("a·b", "a,b"), ("· · ·", "none, none"),
    ])
  func dots(text: String, said: String) {
    #expect(PlainText(isASCII: true).line(text) == said)
  }

  @Test("a theme is chosen by its name, as anything else that is one of several")
  func themes() {
    var story = SpokenStory(InboxScreenTests.opened([]).state)
    _ = story.opens()
    story.types(":theme")
    #expect(story.effects.last == .loadThemes)
    let asked = story.happens(.themesArrived(ThemePickerTests.choices))
    #expect(asked.contains { $0.hasPrefix("choose: the theme.") && $0.contains("3 light") }, "\(asked)")
    #expect(story.types("gl").contains { $0.contains("gl is none of these") })
    #expect(story.state.overlay != nil && story.state.theme == .standard)
    story.types("light")
    #expect(story.state.overlay == nil && story.state.theme == .light)
  }

  @Test("an empty list is said to be empty, in its table form too")
  func nothingListed() {
    var story = SpokenStory(InboxScreenTests.opened([]).state)
    _ = story.opens()
    #expect(story.types("read").contains { $0.hasPrefix("0 rows") })
    var table = InboxScreenTests.opened([])
    table.press("t")
    #expect(table.screen.contains("nothing is listed"))
  }

  @Test("the outbox says where what is saved goes, what waits, the last sync, and what needs the analyst")
  func outbox() throws {
    var story = SpokenStory(OutboxScreenTests.opened(OutboxScreenTests.conflicting).state)
    _ = story.opens()
    let lines = story.types("read")
    #expect(lines.contains("collector: https://mds.las.example:8443, answers"), "\(lines)")
    #expect(lines.contains { $0.hasPrefix("ledger: ~/.local/share/mds/ledger.sqlite, 3.1 MB, chain whole ") })
    #expect(lines.contains("waiting: 2 judgement, 1 mark, 1 note"))
    #expect(
      lines.contains { $0.hasPrefix("last sync: ") && $0.contains(", 12 sent, 12 received, 31 fetched, 1") }
    )
    #expect(lines.contains("8841 \(Income.id(8841).short): made on 2 devices: disagree to <=50K or agree"))
    #expect(lines.contains { $0.hasPrefix("10388 wedged: 422: ") })

    var two = OutboxScreenTests.content
    two.conflicts = OutboxScreenTests.conflicting.conflicts
    var later = SpokenStory(OutboxScreenTests.opened().state)
    _ = later.opens()
    #expect(later.happens(.outbox(.arrived(two))).contains { $0.contains("made on 2 devices: ") })

    let local = OutboxScreen.Content(
      collector: nil, ledgerPath: "l", ledgerBytes: 10, counts: [:], waiting: ["judgement": 0], rows: [])
    var alone = SpokenStory(OutboxScreenTests.opened(local).state)
    let said = alone.opens()
    #expect(said.contains("collector: none: what you save stays in this ledger"))
    #expect(said.contains("waiting: nothing") && said.contains("last sync: none"))
    #expect(said.contains("nothing: no event was refused"))
  }

  @Test("a collector that answers and refuses is not said to be silent")
  func refused() throws {
    var story = SpokenStory(OutboxScreenTests.opened().state)
    _ = story.opens()
    let refusal = Problem("the collector takes the token no more", advice: "The researchers give another one.")
    var said = story.happens(
      .exchanged(Exchange(sent: 0, received: 0, fetched: 0, problem: refusal, needsAnalyst: true)))
    #expect(said.contains { $0.hasPrefix("failed: the collector takes the token no more") })
    #expect(said.contains("collector: https://mds.las.example:8443, the collector takes the token no more"))
    said = story.happens(.linked(service: nil, collector: .down(since: Stub.now)))
    #expect(said == ["collector: not synced"])
    var stopped = OutboxScreenTests.content
    stopped.problem = refusal
    said = story.happens(.outbox(.arrived(stopped)))
    #expect(said.contains("the collector takes the token no more"), "\(said)")
    #expect(said.contains("The researchers give another one."))
    let well = story.happens(
      .exchanged(Exchange(sent: 1, received: 1, fetched: 0)), .linked(service: nil, collector: .up))
    #expect(well.contains("collector: answers"), "\(well)")
    var silent = SpokenStory(OutboxScreenTests.opened().state)
    _ = silent.opens()
    said = silent.happens(.linked(service: nil, collector: .down(since: Stub.now)))
    #expect(said.contains { $0.hasPrefix("collector: does not answer since ") })
  }

  @Test("only digits are a number: a sign is none of it")
  func signedNumber() throws {
    var story = SpokenStory(try income())
    _ = story.opens()
    story.types("a")
    story.types("c")
    #expect(story.types("+3").contains { $0.contains("+3 is no answer") })
    #expect(story.state.review.editor?.draft.judgement.confidence == nil)
    story.types("3")
    #expect(story.state.review.editor?.draft.judgement.confidence == 3)
    story.types("d")
    #expect(story.types("+1").contains { $0.contains("+1 is none of these") })
  }

  @Test("yes and no answer what is asked before everybody notices", arguments: ["yes", "Yes", "y", "no", "n"])
  func yesOrNo(word: String) {
    var state = Stub.listed()
    let order = LoadOrder(model: Stub.groups[0].id, loads: false)
    state.models.asking = .load(order)
    var story = SpokenStory(state)
    story.types(word)
    #expect(story.state.models.asking == nil)
    #expect(story.effects == (word.lowercased().hasPrefix("y") ? [.load(order)] : []))
  }

  @Test("among earlier inputs a number is no answer, and opens no field")
  func recalledNumber() {
    var story = SpokenStory(InferScreenTests.opened().state)
    _ = story.happens(.infer(.remembered([Income.values])))
    story.types("H")
    #expect(story.types("1").contains { $0.contains("1 is no answer; choose: an earlier input") })
    #expect(story.state.infer?.mode == .recalling(selected: 0))
    story.types("")
    #expect(story.state.infer?.mode == .idle)
  }
}
