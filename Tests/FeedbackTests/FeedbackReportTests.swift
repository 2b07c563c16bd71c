import Domain
import Feedback
import Statistics
import Testing

@Suite("What judgements say together")
struct FeedbackReportTests {
  /// Six records, three analysts; the expected numbers were computed with Python (krippendorff, scikit-learn).
  private static let rows: [(model: RawText, confidence: Double, answers: [RawText?])] = [
    ("fraud", 0.91, ["ok", "ok", nil]), ("fraud", 0.83, ["fraud", "fraud", "fraud"]), ("ok", 0.77, ["ok", nil, "ok"]),
    ("ok", 0.55, ["fraud", "ok", "fraud"]), ("fraud", 0.62, ["fraud", "ok", nil]), ("ok", 0.98, ["ok", "ok", "ok"]),
  ]

  private static func view(
    _ answer: RawText, _ probability: Double? = nil, version: RawText = "1", opposite: RawText? = nil,
    queue: SeenQueue? = nil
  ) -> JudgedView {
    JudgedView(
      model: ModelID("m", version: version), answer: answer, probability: probability, opposite: opposite, queue: queue)
  }

  private static func say(
    _ analyst: RawText, _ verdict: Verdict?, _ label: RawText? = nil, seeing view: JudgedView?,
    stage: JudgementStage = .final,
    confidence: Int? = nil, seconds: Double? = nil, shownAt: Timestamp? = nil, after: Double = 0,
    reasons: [RawText] = []
  ) -> JudgedCase.Opinion {
    JudgedCase.Opinion(
      analyst: analyst, at: Sample.start.advanced(bySeconds: after),
      body: JudgementBody(
        Judgement(verdict: verdict, label: label, confidence: confidence, reasons: reasons), stage: stage,
        assistance: stage == .initial ? .blind : .prediction,
        timing: .init(shownAt: shownAt, activeMilliseconds: seconds.map { Int($0 * 1000) })),
      view: view)
  }

  private static func judged(_ number: Int, _ opinions: JudgedCase.Opinion...) -> JudgedCase {
    JudgedCase(caseID: ShortHash.of([UInt8(number % 256), UInt8(number / 256)]), judgements: opinions)
  }

  private static func report(
    _ cases: [JudgedCase], _ query: FeedbackQuery = FeedbackQuery(), smallest: Int = 1
  ) -> FeedbackReport {
    var tally = FeedbackTally(query, smallest: smallest)
    for item in cases { tally.add(item) }
    return tally.finished
  }

  private static var example: [JudgedCase] {
    rows.enumerated().map { index, row in
      JudgedCase(
        caseID: ShortHash.of([UInt8(index)]),
        judgements: zip(["A", "B", "C"], row.answers).compactMap { name, label in
          label.map {
            let isAgreed = $0 == row.model
            return say(
              RawText(name), isAgreed ? .agree : .disagree, isAgreed ? nil : $0, seeing: view(row.model, row.confidence)
            )
          }
        })
    }
  }

  private func near(_ value: Double?, _ wanted: Double, _ tolerance: Double = 1e-9) -> Bool {
    value.map { abs($0 - wanted) < tolerance } ?? false
  }

  @Test("the worked example comes out as Python has it: majority, confusion, agreement by pairs, calibration")
  func example() throws {
    let report = Self.report(Self.example)
    #expect(report.cases == 6 && report.judgements == 15 && report.analysts.count == 3)
    #expect(report.accuracy?.successes == 3 && report.accuracy?.trials == 5 && report.gaps.ties == 1)
    #expect(report.confusion.labels == ["fraud", "ok"])
    #expect(report.confusion.counts == [[1, 1], [1, 2]])
    #expect(near(report.agreement.alpha?.value, 0.4814814815))
    #expect(report.agreement.units == 6 && report.agreement.raters == ["A", "B", "C"])
    let pairs = report.agreement.pairs.map { ($0.first.string + $0.second.string, $0) }
    let byName = Dictionary(pairs) { first, _ in first }
    for (name, count, observed, kappa) in [("AB", 5, 0.6, 0.2857142857), ("AC", 4, 1, 1), ("BC", 3, 2 / 3, 0.4)] {
      let pair = try #require(byName[name])
      #expect(pair.count == count)
      #expect(near(pair.kappa.observed, observed) && near(pair.kappa.value, kappa), "\(name)")
    }
    // With ten bins as the example has them; the report has five.
    let decided = zip(Self.example, Self.rows).compactMap { item, row in
      report.places(of: item, by: .answer).first.map { (row.confidence, $0.isRight) }
    }
    let ten = ReliabilityDiagram(confidences: decided.map(\.0), correct: decided.map(\.1), bins: 10)
    #expect(near(ten.expectedError, 0.3680) && near(ten.brier, 0.24256))
    #expect(report.calibration.count == 5 && near(report.calibration.brier, 0.24256))
  }

  @Test("two who answered the same records are compared on those that one alone got right; of too few nothing is told")
  func compared() throws {
    var tally = AnswerTally()
    func add(_ count: Int, _ first: RawText, _ second: RawText) {
      for _ in 0..<count { tally.add(["2": second, "1": first], of: "m", truth: .label("ok")) }
    }
    add(20, "ok", "ok")
    add(10, "ok", "fraud")
    add(3, "fraud", "ok")
    add(2, "fraud", "other")
    // That another answer is wrong says nothing of this one.
    tally.add(["1": "ok", "2": "fraud"], of: "m", truth: .notAnswer("fraud"))
    tally.add(["1": "fraud", "2": "fraud"], of: "m", truth: .notAnswer("fraud"))
    tally.add(["1": "ok"], of: "m", truth: .label("ok"))
    let found = try #require(tally.comparisons.first)
    #expect(tally.comparisons.count == 1 && found.first == "1" && found.second == "2")
    #expect(found.records == 36 && found.bothRight == 20)
    #expect(found.onlyFirst == 10 && found.onlySecond == 3 && !found.isTooFew)
    #expect(near(found.pValue, 0.0922851562))
    var report = FeedbackReport()
    report.comparisons = [found]
    #expect(report.json()["versions_compared"]?.array?.first?["only_first_right"] == .integer(10))
    var few = AnswerTally()
    for _ in 0..<5 { few.add(["1": "ok", "2": "no"], of: "m", truth: .label("ok")) }
    #expect(few.comparisons.first?.isTooFew == true)
    report.comparisons = few.comparisons
    #expect(report.json()["versions_compared"]?.array?.first?["mcnemar_p"] == .null)
  }

  @Test("what was decided of a case is its truth, over a majority and over a tie, and judges the analysts too")
  func adjudicated() throws {
    var cases = Self.example
    // The fourth: two of three said fraud, the model ok. The fifth was a tie.
    cases[3].decision = Adjudication(caseID: cases[3].caseID, label: "ok").stand
    cases[4].decision = Adjudication(caseID: cases[4].caseID, label: "fraud").stand
    let report = Self.report(cases)
    #expect(report.accuracy?.successes == 5 && report.accuracy?.trials == 6 && report.gaps.ties == 0)
    #expect(report.adjudicated == 2 && report.json()["adjudicated_cases"] == .integer(2))
    #expect(report.places(of: cases[3], by: .answer).map(\.isRight) == [true])
    // Nobody else judged it, and yet it is known that the right answer was given up for the model's.
    let led = JudgedCase(
      caseID: ShortHash.of([9]),
      judgements: [
        Self.say("A", nil, "ok", seeing: Self.view("fraud"), stage: .initial),
        Self.say("A", .agree, seeing: Self.view("fraud")),
      ], decision: .label("ok"))
    #expect(Self.report([led]).reliance.overReliance == 1)
    #expect(Adjudication(caseID: led.caseID, value: 0.5).stand == .label("0.5"))
  }

  @Test("says nothing of nothing, and hides nothing of what is missing")
  func empty() {
    let report = Self.report([])
    #expect(report.cases == 0 && report.agreement.alpha == nil && report.weightedAccuracy == nil)
    #expect(report.accuracy?.trials == 0 && report.times.median == nil && report.slices.isEmpty)
    var tally = FeedbackTally(FeedbackQuery())
    tally.add(Self.judged(1, Self.say("A", .agree, seeing: nil), Self.say("B", .disagree, "x", seeing: nil)))
    tally.addWithoutBody(3)
    #expect(tally.finished.gaps.withoutView == 2 && tally.finished.gaps.withoutBody == 3)
    #expect(tally.finished.cases == 0)
  }

  @Test("a disagreement without a label makes the model wrong; of two classes it is the other")
  func unnamed() {
    let three = Self.view("a")
    let two = Self.view("a", opposite: "b")
    let report = Self.report([
      Self.judged(1, Self.say("A", .disagree, seeing: three)), Self.judged(2, Self.say("A", .disagree, seeing: two)),
      Self.judged(3, Self.say("A", .agree, seeing: three)),
    ])
    #expect(report.accuracy?.successes == 1 && report.accuracy?.trials == 3)
    #expect(report.gaps.unnamed == 1)
    #expect(report.confusion[truth: "b", model: "a"] == 1 && report.confusion.total == 2)
  }

  @Test("what everybody left open, and answers that nothing explains, are counted apart")
  func leftOut() {
    let report = Self.report([
      Self.judged(1, Self.say("A", .unsure, seeing: Self.view("a")), Self.say("B", .skip, seeing: Self.view("a"))),
      Self.judged(2, Self.say("A", .unsure, seeing: Self.view("a")), Self.say("B", .agree, seeing: Self.view("a"))),
      Self.judged(3, Self.say("A", .disagree, "b", seeing: Self.view(""))),
    ])
    #expect(report.gaps.open == 1 && report.gaps.withoutAnswer == 1 && report.gaps.withoutProbability == 1)
    #expect(report.accuracy?.trials == 1)
    #expect(report.verdicts == [.unsure: 2, .skip: 1, .agree: 1, .disagree: 1])
  }

  @Test("the final word counts, and of one analyst's two devices the newer; blind answers count by themselves")
  func lastWords() {
    let view = Self.view("a")
    var early = Self.say("A", .agree, seeing: view)
    early.hasAlternatives = true
    let report = Self.report([
      Self.judged(
        1, Self.say("A", nil, "b", seeing: view, stage: .initial, confidence: 2, seconds: 10),
        Self.say("A", .agree, seeing: view, confidence: 4, seconds: 4, after: 10)),
      Self.judged(2, early, Self.say("A", .disagree, "b", seeing: view, after: 20)),
    ])
    #expect(report.judgements == 2 && report.accuracy?.successes == 1)
    #expect(report.blindAccuracy?.successes == 0 && report.blindAccuracy?.trials == 1)
    #expect(report.blind?.successes == 1 && report.blind?.trials == 2)
    #expect(report.reliance.switched.value == 1 && report.reliance.finalAccuracy.total == 0)
    #expect(report.confidenceShift?.mean == 2 && report.confidenceShift?.count == 1)
    // Ten seconds before the model's answer and four after it: one case.
    #expect(report.times.count == 1 && report.times.median == 14)
  }

  @Test(
    "two answers on one visit count from its beginning both, and take the longer time; on two visits they take both")
  func visits() {
    let view = Self.view("a")
    let (monday, tuesday) = (Sample.start, Sample.start.advanced(bySeconds: 86_400))
    func median(_ first: Timestamp, _ last: Timestamp) -> Double? {
      Self.report([
        Self.judged(
          1, Self.say("A", nil, "b", seeing: view, stage: .initial, seconds: 4.8, shownAt: first),
          Self.say("A", .agree, seeing: view, seconds: 8.4, shownAt: last, after: 10),
          Self.say("B", .agree, seeing: view))
      ]).times.median
    }
    #expect(median(monday, monday) == 8.4 && median(monday, tuesday) == 13.2)
  }

  @Test("reliance takes other analysts' majority for the truth, never the analyst's own last word")
  func reliance() {
    let view = Self.view("wrong")
    func twice(_ name: RawText, _ first: RawText, _ last: RawText) -> [JudgedCase.Opinion] {
      [
        Self.say(name, nil, first, seeing: view, stage: .initial),
        Self.say(name, last == "wrong" ? .agree : .disagree, last == "wrong" ? nil : last, seeing: view, after: 1),
      ]
    }
    // B and C hold `right`; A had it too and gave it up for the model's answer.
    let item = JudgedCase(
      caseID: ShortHash.of([1]),
      judgements: twice("A", "right", "wrong") + [Self.say("B", .disagree, "right", seeing: view)]
        + [Self.say("C", .disagree, "right", seeing: view)])
    let reliance = Self.report([item]).reliance
    #expect(reliance.overReliance == 1 && reliance.adoptedWrong.value == 1)
    #expect(reliance.initialAccuracy.value == 1 && reliance.finalAccuracy.value == 0)
    #expect(reliance.assistEffect == -1)
  }

  @Test("a first answer that was left as it is, with the model's on screen, was not switched") func kept() {
    let kept = Self.judged(1, Self.say("A", nil, "b", seeing: Self.view("a"), stage: .initial))
    #expect(Self.report([kept]).reliance.switched.total == 1 && Self.report([kept]).reliance.switched.value == 0)
  }

  @Test("where all that is known is what is not right, an answer that it says nothing of is not counted as wrong")
  func unknownReliance() {
    let view = Self.view("a")
    func reliance(_ first: RawText, _ last: RawText?, _ other: RawText? = nil) -> Reliance {
      Self.report([
        Self.judged(
          1, Self.say("A", nil, first, seeing: view, stage: .initial),
          Self.say("A", last == nil ? .agree : .disagree, last, seeing: view, after: 1),
          Self.say("B", .disagree, other, seeing: view))
      ]).reliance
    }
    for last in ["b", nil] as [RawText?] {
      let unknown = reliance("b", last)
      #expect(
        unknown.initialAccuracy.total == 0 && unknown.modelAccuracy.total == 0 && unknown.finalAccuracy.total == 0)
      #expect(unknown.switched.total == 1)
    }
    #expect(reliance("a", nil).finalAccuracy == reliance("a", nil, "b").finalAccuracy)
    #expect(reliance("b", nil, "b").overReliance == 1)
  }

  @Test("a model that everybody calls wrong is wrong, also where they do not agree on what is right")
  func wrongToAll() {
    let view = Self.view("a", 0.9)
    func report(_ labels: RawText?...) -> FeedbackReport {
      Self.report([
        JudgedCase(
          caseID: ShortHash.of([1]),
          judgements: labels.enumerated().map { index, label in
            Self.say(RawText("\(index)"), label == "a" ? .agree : .disagree, label, seeing: view)
          })
      ])
    }
    for labels in [report(nil, "b"), report("b", "c"), report("b", "c", nil)] {
      #expect(labels.accuracy?.trials == 1 && labels.accuracy?.successes == 0 && labels.gaps.ties == 0)
      #expect(labels.gaps.unnamed == 1 && labels.calibration.count == 1)
    }
    #expect(report("a", "b").gaps.ties == 1 && report("a", "b", nil).gaps.ties == 1)
    // What somebody says of another answer than the newest view has tells nothing of this one.
    let old = Self.say("A", .disagree, seeing: Self.view("b"))
    let other = Self.report([Self.judged(1, old, Self.say("B", .unsure, seeing: view, after: 5))])
    #expect(other.accuracy?.trials == 0 && other.gaps.open == 1)
  }

  @Test("accuracy of all cases weighs each by the chance with which it was drawn, and leaves out what was not")
  func weighted() throws {
    func item(_ number: Int, right: Bool, _ chance: Double?) -> JudgedCase {
      let queue = SeenQueue(id: "q", sampler: "uncertain", propensity: chance)
      let view = Self.view("a", queue: chance == nil ? nil : queue)
      return Self.judged(number, Self.say("A", right ? .agree : .disagree, right ? nil : "b", seeing: view))
    }
    // One in ten of 100 sure cases, all right; every one of 10 unsure ones, half of them wrong.
    let cases =
      (0..<10).map { item($0, right: true, 0.1) } + (10..<20).map { item($0, right: $0 % 2 == 0, 1) }
      + [item(20, right: false, nil)]
    let estimate = try #require(Self.report(cases).weightedAccuracy)
    #expect(near(estimate.mean, 105 / 110) && near(estimate.estimatedPopulation, 110))
    #expect(estimate.count == 20 && estimate.excluded == 1 && Self.report(cases).gaps.notDrawn == 1)
    #expect(Self.report(cases).accuracy?.value == 15.0 / 21)
    let reference = HajekEstimate(
      (0..<10).map { _ in .init(isCorrect: true, probability: 0.1) }
        + (0..<10).map { .init(isCorrect: $0 % 2 == 0, probability: 1) })
    #expect(estimate.shareInterval() == reference?.shareInterval())
  }

  @Test("slices are compared with the rest, those that are too small are not, and the reason is told")
  func slices() throws {
    var cases: [JudgedCase] = []
    for number in 0..<100 {
      let isOld = number < 40
      let isRight = isOld ? number % 2 == 0 : number % 20 != 0
      let view = Self.view("a", version: isOld ? "1" : "2")
      cases.append(
        Self.judged(
          number,
          Self.say(
            number % 3 == 0 ? "A" : "B", isRight ? .agree : .disagree, isRight ? nil : "b", seeing: view,
            reasons: isRight ? [] : ["stale"])))
    }
    cases.append(Self.judged(100, Self.say("C", .disagree, "b", seeing: Self.view("a", version: "3"))))
    let report = Self.report(cases, smallest: 20)
    let versions = try #require(report.slices[.version])
    #expect(versions.map(\.name) == ["1", "2", "3"] && versions.map(\.count) == [40, 60, 1])
    #expect(versions[0].isDifferent && versions[1].isDifferent && !versions[2].isDifferent)
    #expect(versions[2].pValue == nil && versions[0].reason == "stale")
    #expect(near(versions[0].gap, 0.5 - 57.0 / 61) && near(versions[0].lift, 0.5 / (24.0 / 101)))
    #expect(Set(report.slices.keys) == Set(SliceKind.allCases).subtracting([.input]))
    #expect(
      report.models == [ModelID("m", version: "1"): 40, ModelID("m", version: "2"): 60, ModelID("m", version: "3"): 1])
    let one = Self.report(cases, FeedbackQuery(model: "m", version: "1"))
    #expect(one.cases == 40 && one.models.count == 3)
    #expect(Self.report(cases, FeedbackQuery(model: "n")).cases == 0)
    for kind in SliceKind.allCases where kind != .input {
      let total = report.slices[kind]?.reduce(0) { $0 + $1.count }
      #expect(total == 101, "\(kind)")
      #expect(cases.map { report.places(of: $0, by: kind).count }.reduce(0, +) == total)
    }
  }

  @Test("inputs are sliced by their few values, or at the quartiles of what came first, and worse ones are found")
  func inputs() throws {
    var tally = FeedbackTally(FeedbackQuery(withInputs: true))
    var cases: [JudgedCase] = []
    for number in 0..<1200 {
      let seal: RawText = number % 4 == 0 ? "broken" : "intact"
      let weight = Double(number % 100)
      var view = Self.view("a")
      view.inputs = [
        .init(name: "seal", text: seal), .init(name: "weight", number: weight, text: RawText("\(weight)")),
        .init(name: "id", text: RawText("c-\(number)")), .init(name: "doors", number: 2, text: "2"),
      ]
      let isRight = seal == "intact" ? number % 10 != 0 : number % 8 == 0
      cases.append(Self.judged(number, Self.say("A", isRight ? .agree : .disagree, isRight ? nil : "b", seeing: view)))
      tally.add(cases[number])
    }
    let report = tally.finished
    let slices = try #require(report.slices[.input])
    #expect(
      slices.map(\.name) == [
        "doors = 2", "seal = broken", "seal = intact", "weight > 74.25", "weight in (24.75, 49.5]",
        "weight in (49.5, 74.25]", "weight ≤ 24.75",
      ])
    #expect(slices.map(\.count) == [1200, 300, 900, 300, 300, 300, 300])
    #expect(slices.filter(\.isDifferent).map(\.name) == ["seal = broken", "seal = intact"])
    #expect(slices[0].pValue == nil && slices[1].right.successes == 150)
    let places = report.places(of: cases[8], by: .input)
    #expect(places.map(\.name) == ["seal = broken", "weight ≤ 24.75", "doors = 2"] && places.allSatisfy(\.isRight))
    var unknown = cases[8]
    unknown.judgements[0].view?.inputs = [.init(name: "seal", text: "gone"), .init(name: "weight", text: "heavy")]
    #expect(report.places(of: unknown, by: .input).isEmpty)
    #expect(report.json()["slices"]?["input"]?.array?.count == 7)
  }

  @Test("quartiles that are close together are slices of their own, and are written so that they can be told apart")
  func closeQuartiles() throws {
    let values = [1012.6, 1013.1, 1013.4, 1013.9]
    var tally = FeedbackTally(FeedbackQuery(withInputs: true))
    var cases: [JudgedCase] = []
    for number in 0..<1200 {
      let pressure = values[number % 4] + Double(number / 4) / 1e6
      var view = Self.view("a")
      view.inputs = [.init(name: "pressure", number: pressure, text: RawText("\(pressure)"))]
      cases.append(Self.judged(number, Self.say("A", .agree, nil, seeing: view)))
      tally.add(cases[number])
    }
    let report = tally.finished
    let slices = try #require(report.slices[.input])
    #expect(
      slices.map(\.name) == [
        "pressure > 1013.5", "pressure in (1013, 1013.3]", "pressure in (1013.3, 1013.5]", "pressure ≤ 1013",
      ])
    #expect(slices.map(\.count).allSatisfy { (290...310).contains($0) }, "\(slices.map(\.count))")
    #expect(report.places(of: cases[1], by: .input).map(\.name) == ["pressure in (1013, 1013.3]"])
  }

  @Test("JSON says null with its n where too few cases speak")
  func json() {
    let report = Self.report(Self.example, smallest: 5)
    let json = report.json(slices: [.answer])
    #expect(json["accuracy"]?["n"]?.integer == 5 && json["accuracy"]?["share"]?.number == 0.6)
    #expect(json["agreement"]?["alpha"]?.number.map { near($0, 0.4814814815) } == true)
    #expect(json["agreement"]?["pairs"]?[1]?["n"]?.integer == 4)
    #expect(json["agreement"]?["pairs"]?[1]?["kappa"] == .null)
    #expect(json["slices"]?.members?.map(\.key) == ["answer"])
    #expect(json["not_counted"]?["cases_tied"]?.integer == 1)
    #expect(Self.report(Self.example, smallest: 20).json()["accuracy"]?["share"] == .null)
  }

  @Test("a view comes from the parts of an event's body that a store reads out")
  func viewOfParts() throws {
    let seen = Sample.seen
    let body = try JSON(parsing: Sample.body(.seen(seen)).bytes())
    let parts = JudgedView.paths(withInputs: false).map { path in
      path.split(separator: ".").dropFirst().reduce(body) { $0[RawText(String($1))] ?? .null }
    }
    let view = try #require(JudgedView(parts: .array(parts)))
    #expect(view == JudgedView(seen))
    #expect(view.opposite == "1" && view.probability == 0.7 && view.queue?.propensity == 0.25)
    #expect(view.isDrift == true && view.isOutlier == false)
    let whole = JudgedView.paths(withInputs: true).map { path in
      path.split(separator: ".").dropFirst().reduce(body) { $0[RawText(String($1))] ?? .null }
    }
    var named = seen
    named.fields = [SeenField(name: "on", tensor: 4, offset: 0), SeenField(name: "b", tensor: 2, offset: 1)]
    let bytes = try JSON(parsing: Sample.body(.seen(named)).bytes())
    let inputs = JudgedView.paths(withInputs: true).map { path in
      path.split(separator: ".").dropFirst().reduce(bytes) { $0[RawText(String($1))] ?? .null }
    }
    #expect(JudgedView(parts: .array(whole)) == JudgedView(seen, withInputs: true))
    #expect(
      JudgedView(parts: .array(inputs))?.inputs
        == [.init(name: "on", text: "true"), .init(name: "b", number: 7, text: "7")])
    #expect(JudgedView(parts: .array([])) == nil)
    #expect(JudgedView(parts: .array([7, .null, .null, .null, .null, .null])) == nil)
  }

  @Test("the confusion has the labels in the model's own order, others after them by name")
  func labelOrder() {
    var tally = FeedbackTally(FeedbackQuery(), smallest: 1)
    tally.labels = ["low", "medium", "high"]
    for (number, label) in ["high", "medium", "low", "else", "any"].enumerated() {
      tally.add(Self.judged(number, Self.say("A", .agree, seeing: Self.view(RawText(label), 0.9))))
    }
    #expect(tally.finished.confusion.labels == ["low", "medium", "high", "any", "else"])
    tally.labels = []
    #expect(tally.finished.confusion.labels == ["any", "else", "high", "low", "medium"])
  }
}

@Suite("How fast an analyst judges")
struct ReviewPaceTests {
  @Test("pace counts today's judgements, and the median over all")
  func pace() {
    let opinions = (0..<5).map { number in
      JudgedCase.Opinion(
        analyst: "ana", at: Sample.start.advanced(bySeconds: Double(number - 4) * 3600 * 8),
        body: JudgementBody(
          Judgement(verdict: .agree), timing: .init(activeMilliseconds: number == 0 ? nil : number * 1000)))
    }
    let pace = ReviewPace(opinions, now: Sample.start)
    #expect(pace.today == [.agree: 2])
    #expect(pace.perHour == nil)
    #expect(pace.medianSeconds == 2.5)
    #expect(pace.recent == [1, 2, 3, 4])
  }

  @Test("cases an hour are counted by the time from one to the next, breaks left out, whatever the clock says")
  func hourly() throws {
    func pace(_ minutes: [Double]) -> Double? {
      let day = Sample.start.aligned(toSeconds: 86_400)
      let opinions = minutes.map { minute in
        JudgedCase.Opinion(
          analyst: "ana", at: day.advanced(bySeconds: minute * 60), body: JudgementBody(Judgement(verdict: .agree)))
      }
      return ReviewPace(opinions, now: day.advanced(bySeconds: 86_399)).perHour
    }
    // Twelve in eleven minutes around a full hour.
    #expect(pace((0..<12).map { 55 + Double($0) }) == 60)
    #expect(pace([10, 20, 300, 310]) == 6)
    #expect(pace([10]) == nil && pace([10, 10.5]) == nil && pace([10, 100]) == nil)
  }

  @Test("active time cuts each silence at 30 seconds and knows where it went")
  func activeTime() {
    var time = ActiveTime(shownAt: Sample.start, milliseconds: 1000, pane: "why")
    time.key(at: 1800)
    time.moved(to: "judgement", at: 2000)
    time.key(at: 100_000)
    time.key(at: 99_000)
    let timing = time.timing(at: 101_000)
    #expect(timing.firstKeyMilliseconds == 800)
    #expect(timing.wallMilliseconds == 100_000)
    #expect(timing.activeMilliseconds == 800 + 200 + 30_000 + 1000)
    #expect(timing.views == [.init(pane: "why", milliseconds: 1000), .init(pane: "judgement", milliseconds: 31_000)])
  }
}
