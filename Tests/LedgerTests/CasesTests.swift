import Domain
import Feedback
import Ledger
import Testing

@Suite("Cases in the ledger")
struct CasesTests {
  let scratch: Scratch
  let ledger: Ledger

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
  }

  private func explanation(_ name: RawText) -> Explanation {
    Explanation(
      explainer: ModelID(name), method: "Tree SHAP",
      content: .attributions(
        Attributions(
          link: .margin, isExact: true, features: [.init(name: "x", value: "1")],
          classes: [.init(label: "red", base: 0.1, shares: [0.25], output: 0.35)])))
  }

  @Test("a case comes back as it was kept, with a number of its own")
  func roundTrip() throws {
    var item = Sample.newCase(1, text: RawText(bytes: [0xFF, 0x00, 0x41]), explanations: [explanation("shap")])
    item.outlier = Outlier(
      detector: ModelID("o"), method: "IForest", score: 0.2, threshold: 0.1, isOutlier: true)
    let kept = try ledger.store([item], service: "http://s", context: "prod")[0]
    #expect(kept.number == 1)
    item.number = 1
    #expect(kept == item)
    #expect(try ledger.case(item.id) == item)
    #expect(try ledger.case(number: 1) == item)
    #expect(try ledger.case(prefix: item.id.short) == item)
    #expect(try ledger.case(prefix: "zz") == nil)
    #expect(try ledger.case(number: 2) == nil)
  }

  @Test("a case that comes again keeps its number, its explanations and its outlier score")
  func again() throws {
    var item = Sample.newCase(1, explanations: [explanation("shap")])
    item.outlier = Outlier(detector: ModelID("o"), method: "m", score: 1, threshold: nil, isOutlier: true)
    try ledger.store([Sample.newCase(7), item], service: "s", context: "prod")
    var second = Sample.newCase(1, p: 0.9)
    second.explanations = [explanation("anchor")]
    let kept = try ledger.store([second], service: "s", context: "prod")[0]
    #expect(kept.number == 2)
    #expect(kept.outlier == item.outlier)
    #expect(kept.explanations.map(\.explainer.name) == ["anchor", "shap"])
    #expect(try ledger.summaries().first { $0.number == 2 }?.probability == 0.9)
    #expect(try ledger.caseCount() == 2)
  }

  @Test("of a record that another one replaces, neither why nor how unusual it was stays with the case")
  func replaced() throws {
    var first = Sample.newCase(1, explanations: [explanation("shap")])
    first.outlier = Outlier(detector: ModelID("o"), method: "IForest", score: 0.99, threshold: 0.5, isOutlier: true)
    try ledger.store([first], service: "s", context: "prod")
    var other = Sample.newCase(1, p: 0.1)
    other.record = Sample.record(1, text: "another text")
    other.at = Sample.start.advanced(bySeconds: 900)
    let kept = try ledger.store([other], service: "s", context: "prod")[0]
    #expect(kept.number == 1 && kept.explanations.isEmpty && kept.outlier == nil && kept.at == other.at)
    #expect(try ledger.summaries().first?.isOutlier == false)
    func found(_ words: String) throws -> [Int] {
      let query = SearchQuery(words, now: Sample.start)
      return try ledger.withEvents { try $0.search(query, context: "prod") }.hits.map(\.number)
    }
    #expect(try found("another") == [1] && found("some").isEmpty)
  }

  @Test("a judged case keeps the answer that was judged; before, and after that is taken back, the newest stands")
  func otherAnswer() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    func asked(_ probability: Double) throws -> Case {
      var item = Sample.newCase(1, p: probability)
      item.explanations = [explanation("shap")]
      return try ledger.store([item], service: "s", context: "prod")[0]
    }
    let first = try asked(0.9)
    #expect(try asked(0.6).number == 1)
    #expect(try ledger.summaries().first?.probability == 0.6)
    _ = try ledger.save(
      Submission(caseID: first.id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp(5))
    let refused = try asked(0.1)
    #expect(refused.number == 0 && refused.prediction.chosen?.probability == 0.1)
    // The same answer but for the last digits, and with an explanation, is the same answer.
    let near = try asked(0.6004)
    #expect(near.number == 1 && near.prediction.chosen?.probability == 0.6004)
    #expect(try ledger.case(number: 1)?.prediction.chosen?.probability == 0.6)
    #expect(try ledger.case(number: 1)?.explanations.count == 1)
    _ = try ledger.undo(in: stream.id, stamp: Sample.stamp(6))
    #expect(try asked(0.1).number == 1)
    #expect(try ledger.summaries().first?.probability == 0.1)
  }

  @Test("a case of more values than one is kept with is refused with the number, and nothing is called damaged")
  func tooLarge() throws {
    var item = Sample.newCase(1)
    item.prediction.outputs = [
      Tensor(
        name: "map", datatype: .fp32, shape: [1, 4_000_001], elements: .single(Array(repeating: 0, count: 4_000_001)))
    ]
    let large = item
    let count = 4_000_001 + item.record.tensors.reduce(0) { $0 + $1.count }
    #expect(throws: LedgerError.tooLarge(values: count)) {
      try ledger.store([large], service: "s", context: "prod")
    }
    #expect(try ledger.caseCount() == 0)
    #expect(LedgerError.tooLarge(values: count).problem.summary.contains("holds at most 4000000"))
  }

  @Test("what was on screen is what is judged: an answer that came into its place meanwhile gives way")
  func shownAnswer() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let shown = try ledger.store([Sample.newCase(1, p: 0.9)], service: "s", context: "prod")[0]
    var other = Sample.newCase(1, p: 0.1)
    other.record = Sample.record(1, text: "another text")
    #expect(try ledger.store([other], service: "s", context: "prod")[0].number == 1)
    _ = try ledger.save(
      Submission(caseID: shown.id, statements: [Sample.judgement(.agree)]), of: shown, to: stream.id,
      stamp: Sample.stamp(5))
    let kept = try #require(try ledger.case(number: 1))
    #expect(kept.prediction == shown.prediction && kept.record == shown.record)
    let query = SearchQuery("another", now: Sample.start)
    #expect(try ledger.withEvents { try $0.search(query, context: "prod") }.hits.isEmpty)
  }

  @Test("what another session judged meanwhile, with another record, is not judged again with the one that was shown")
  func judgedElsewhere() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let shown = try ledger.store([Sample.newCase(1, p: 0.9)], service: "s", context: "prod")[0]
    var other = Sample.newCase(1, p: 0.1)
    other.record = Sample.record(1, text: "another text")
    let stored = try ledger.store([other], service: "s", context: "prod")[0]
    let submission = Submission(caseID: shown.id, statements: [Sample.judgement(.agree)])
    _ = try ledger.save(submission, of: stored, to: stream.id, stamp: Sample.stamp(5))
    #expect(throws: LedgerError.judgedOtherwise(case: 1)) {
      try ledger.save(submission, of: shown, to: stream.id, stamp: Sample.stamp(6))
    }
    let kept = try #require(try ledger.case(number: 1))
    #expect(kept.record == stored.record && kept.judgements.count == 1)
    // Another sum of the same numbers is the same answer.
    var again = kept
    again.prediction = Sample.newCase(1, p: 0.1000001).prediction
    _ = try ledger.save(submission, of: again, to: stream.id, stamp: Sample.stamp(7))
  }

  @Test("a judged case is not replaced by another record that comes under its source's id")
  func otherRecord() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let first = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    var other = Sample.newCase(1, p: 0.1)
    other.record = Sample.record(1, text: "another text")
    // Nobody has judged it: the newest is what it is.
    #expect(try ledger.store([other], service: "s", context: "prod")[0].number == 1)
    try ledger.store([first], service: "s", context: "prod")
    // Nor is one that was begun.
    try ledger.put(
      JudgementDraft(caseID: first.id, judgement: Judgement(verdict: .unsure), savedAt: Sample.start))
    #expect(try ledger.store([other], service: "s", context: "prod")[0].number == 0)
    _ = try ledger.save(
      Submission(caseID: first.id, statements: [Sample.judgement(.agree)]), to: stream.id, stamp: Sample.stamp(5))
    #expect(try ledger.store([other], service: "s", context: "prod")[0].number == 0)
    #expect(try ledger.case(number: 1)?.record == first.record)

    func place(_ position: Int, _ item: Case) -> (item: TakenQueue.Item, case: Case) {
      (TakenQueue.Item(position: position, caseID: item.id, score: 0.5, propensity: 0.1), item)
    }
    var twin = Sample.newCase(2)
    twin.record = Sample.record(2, text: "another text")
    let leftOut = try ledger.take(
      [place(1, other), place(2, Sample.newCase(2)), place(3, twin)], into: "q", service: "s", context: "prod")
    #expect(leftOut == [1, 3])
    #expect(try ledger.takenPositions(of: "q", context: "prod") == [2])
    #expect(try ledger.case(twin.id)?.record == Sample.newCase(2).record)
  }

  @Test("lists are newest first, by model, version and span of time, the end left out")
  func lists() throws {
    try ledger.store((0..<10).map { Sample.newCase($0) }, service: "s", context: "prod")
    try ledger.store((0..<4).map { Sample.newCase($0, version: nil) }, service: "s", context: "prod")
    try ledger.store((0..<3).map { Sample.newCase($0, model: "cargo") }, service: "s", context: "lab")
    let minute = { (count: Double) in Sample.start.advanced(bySeconds: count * 60) }
    #expect(
      try ledger.cases(CaseFilter(model: "wine", version: "3"), limit: 3).map(\.at) == [
        minute(9), minute(8), minute(7),
      ])
    #expect(try ledger.caseCount(CaseFilter(model: "wine")) == 14)
    #expect(try ledger.caseCount(CaseFilter(context: "lab")) == 3)
    #expect(try ledger.caseCount(CaseFilter(version: "3", from: minute(2), before: minute(5))) == 4)
    let records = try ledger.records(of: ModelID("wine"), context: "prod", from: minute(1), before: minute(3))
    #expect(records.map(\.at) == [minute(1), minute(2)])
    #expect(records[0].record == Sample.record(1))
    #expect(try ledger.tallies().map(\.cases) == [3, 4, 10])
    #expect(try ledger.tallies(context: "lab").map(\.model.name) == ["cargo"])
  }

  @Test("cases are counted by who answered, with the labels that were given and what was said of them")
  func routes() throws {
    var cases = (0..<6).map { number in
      Sample.newCase(number, model: "ab.experiment", version: nil, route: number < 4 ? ":wine_1:" : ":wine-next_2:")
    }
    cases[5].prediction.answer = .classes([ClassScore(label: "white", probability: 0.9)], chosen: 0)
    try ledger.store(cases + [Sample.newCase(9)], service: "s", context: "prod")
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    for (item, verdict) in [(cases[0], Verdict.agree), (cases[5], .disagree)] {
      _ = try ledger.save(
        Submission(caseID: item.id, statements: [Sample.judgement(verdict)]), to: stream.id, stamp: Sample.stamp())
    }
    let tallies = try ledger.withEvents { try $0.routes(context: "prod") }
    #expect(tallies.map(\.model) == ["ab.experiment", "ab.experiment"])
    #expect(tallies.map(\.route) == ["wine-next_2", "wine_1"])
    #expect(tallies.map(\.cases) == [2, 4])
    #expect(tallies[0].labels == ["red": 1, "white": 1])
    #expect(tallies[0].verdicts == [.disagree: 1])
    #expect(tallies[1].verdicts == [.agree: 1])
    #expect(try ledger.withEvents { try $0.routes(context: "lab") }.isEmpty)
    // Asked again, another candidate answers: it counts for that one.
    try ledger.store(
      [Sample.newCase(0, model: "ab.experiment", version: nil, route: ":wine-next_2:")], service: "s", context: "prod")
    #expect(try ledger.withEvents { try $0.routes(context: "prod") }.map(\.cases) == [3, 3])
  }

  @Test(
    "those that an experiment chose from are compared on the reviewed records that both answered, whoever was asked")
  func comparedRoutes() throws {
    // The experiment asked `wine`, version 1; the other candidate was asked by itself about the same records.
    let asked = (0..<4).map { number in
      Sample.newCase(number, model: "ab.experiment", version: nil, route: ":wine_1:")
    }
    let alone = (0..<4).map { number in
      var item = Sample.newCase(number, model: "wine-next", version: "2")
      let label: RawText = number == 0 ? "red" : "white"
      item.prediction.answer = .classes([ClassScore(label: label, probability: 0.9)], chosen: 0)
      return item
    }
    try ledger.store(asked + alone, service: "s", context: "prod")
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    #expect(try ledger.withEvents { try $0.comparedRoutes(context: "prod") }.isEmpty)
    func judge(_ item: Case, _ judgement: Judgement) throws {
      _ = try ledger.save(
        Submission(caseID: item.id, statements: [.judgement(JudgementBody(judgement))]), to: stream.id,
        stamp: Sample.stamp())
    }
    try judge(asked[0], Judgement(verdict: .agree))
    try judge(asked[1], Judgement(verdict: .disagree, label: "white"))
    try judge(alone[2], Judgement(verdict: .agree))
    // Of the last nobody holds anything for true.
    try judge(asked[3], Judgement(verdict: .unsure))
    let found = try #require(try ledger.withEvents { try $0.comparedRoutes(context: "prod") }.first)
    #expect([found.first, found.second] == ["wine-next", "wine_1"])
    #expect(found.records == 3 && found.bothRight == 1)
    #expect(found.onlyFirst == 2 && found.onlySecond == 0 && found.isTooFew)
    #expect(try ledger.withEvents { try $0.comparedRoutes(context: "lab") }.isEmpty)
  }

  @Test("what was said shows in lists and can be asked for")
  func judged() throws {
    let items = try ledger.store((0..<3).map { Sample.newCase($0) }, service: "s", context: "prod")
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    _ = try ledger.save(
      Submission(caseID: items[1].id, statements: [Sample.judgement(.disagree), .flag(FlagBody(isRaised: true))]),
      to: stream.id, stamp: Sample.stamp())
    #expect(try ledger.summaries().map(\.verdict) == [nil, .disagree, nil])
    #expect(try ledger.summaries().map(\.isFlagged) == [false, true, false])
    #expect(try ledger.summaries(CaseFilter(isJudged: true)).map(\.id) == [items[1].id])
    #expect(try ledger.caseCount(CaseFilter(isJudged: false)) == 2)
  }

  @Test("search finds words of records, answers, ids and notes, also by their beginnings")
  func search() throws {
    let items = try ledger.store(
      [Sample.newCase(1, text: "Käse aus Zürich"), Sample.newCase(2, model: "cargo", text: "steel coils")],
      service: "s", context: "prod")
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    _ = try ledger.save(
      Submission(caseID: items[1].id, statements: [Sample.judgement(.disagree, note: "Gewicht falsch")]),
      to: stream.id, stamp: Sample.stamp())
    let find = { (text: String) in
      try ledger.summaries(CaseFilter(SearchQuery(text, now: Sample.start.advanced(bySeconds: 3600)))).map(\.number)
    }
    #expect(try find("kase") == [1])
    #expect(try find("steel coi") == [2])
    #expect(try find("gewicht") == [2])
    #expect(try find("row-2") == [2])
    #expect(try find("model:cargo") == [2])
    #expect(try find("since:59m") == [2, 1])
    #expect(try find("since:58m") == [2])
    #expect(try find("before:2020-01-01").isEmpty)
    #expect(try find("is:judged") == [2])
    #expect(try find("is:open") == [1])
    #expect(try find("red") == [2, 1])
    #expect(try find("nothing such").isEmpty)
  }

  @Test(
    "hostile text in the search is only words",
    arguments: [
      "\"", "\"\"\"", "* OR *", "NEAR(", "a AND", "text:x", "^red", "-red", "(", "'; DROP TABLE event; --", "\u{0}",
      "💥",
      "red\" OR \"white", "\u{202E}", "model:", "since:", "since:99999999999999999999d", "{a b}:c", "a*b",
    ])
  func hostile(text: String) throws {
    try ledger.store([Sample.newCase(1)], service: "s", context: "prod")
    let query = SearchQuery(text, now: Sample.start)
    _ = try ledger.summaries(CaseFilter(query))
    _ = try ledger.withEvents { try $0.search(query, context: "prod") }
    _ = try ledger.searchEvents(text)
    #expect(try ledger.caseCount() == 1)
  }

  @Test("names that look alike are kept apart as bytes")
  func bytes() throws {
    try ledger.store(
      [Sample.newCase(1, model: "e\u{301}"), Sample.newCase(1, model: "\u{e9}")], service: "s", context: "prod")
    #expect(try ledger.caseCount(CaseFilter(model: "\u{e9}")) == 1)
    #expect(try ledger.tallies().count == 2)
  }

  @Test("a list holds as many as were asked for, however many there are")
  func many() throws {
    try ledger.store((0..<2000).map { Sample.newCase($0) }, service: "s", context: "prod")
    #expect(try ledger.summaries(limit: 50).count == 50)
    #expect(try ledger.candidates(CaseFilter(model: "wine")).count == 2000)
  }

  @Test("windows come back: of each span the comparison with the most cases")
  func windows() throws {
    let model = ModelID("wine", version: "3")
    let hour = Sample.start.aligned(toSeconds: 3600)
    let window = { (offset: Double, count: Int, share: Bool) in
      Window(
        model: model, from: hour.advanced(bySeconds: offset), to: hour.advanced(bySeconds: offset + 3600), count: count,
        result: .init(
          source: .detector, detector: ModelID("d"), method: "TabularDrift", correction: "Bonferroni", threshold: 0.01,
          referenceCount: 100, isDrift: share,
          features: [
            .init(name: "x", method: .kolmogorovSmirnov, statistic: 0.4, effect: 0.4, pValue: 0, isDrifted: share)
          ]))
    }
    let of = { (context: RawText, width: Int64) in
      try ledger.windows(
        of: model, context: context, width: width, from: hour, before: hour.advanced(bySeconds: 9000))
    }
    try ledger.put(
      [window(0, 30, false), window(0, 40, true), window(3600, 31, false), window(0, 40, true)], context: "prod")
    #expect(try of("prod", 3600) == [window(0, 40, true), window(3600, 31, false)])
    #expect(try of("prod", 60).isEmpty)
    let moment = hour.advanced(bySeconds: 5)
    #expect(try ledger.window(of: model, context: "prod", at: moment) == window(0, 40, true))
    #expect(try ledger.window(of: model, context: "prod", at: hour.advanced(bySeconds: -5)) == nil)
    // The same model in another context has cases of its own.
    #expect(try of("lab", 3600).isEmpty && ledger.window(of: model, context: "lab", at: moment) == nil)
    try ledger.store([Sample.newCase(0)], service: "s", context: "prod")
    #expect(try ledger.candidates(CaseFilter(context: "prod")).map(\.drift) == [1])
    try ledger.store([Sample.newCase(1)], service: "s", context: "lab")
    #expect(try ledger.candidates(CaseFilter(context: "lab")).map(\.drift) == [0])
  }

  @Test("a queue goes on where it was left")
  func queues() throws {
    let items = try ledger.store((0..<30).map { Sample.newCase($0) }, service: "s", context: "prod")
    let queue = ReviewQueue.compose(
      id: "q1", from: try ledger.candidates(CaseFilter()),
      by: QueueRecipe(sampler: .uncertain, count: 10, isBlind: true, seed: .max))
    try ledger.put(queue, context: "prod", at: Sample.start)
    #expect(try scratch.open().queue("q1") == queue)
    #expect(Set(queue.items.map(\.caseID)).isSubset(of: items.map(\.id)))
  }

  @Test("the last twenty inputs of a model are recalled, each once")
  func inputs() throws {
    let model = ModelID("wine")
    for number in 0..<25 {
      try ledger.rememberInput(
        [.number(Double(number)), .text("x")], model: model, context: "prod",
        at: Sample.start.advanced(bySeconds: Double(number)))
    }
    try ledger.rememberInput(
      [.number(10), .text("x")], model: model, context: "prod", at: Sample.start.advanced(bySeconds: 99))
    let inputs = try ledger.inputs(of: model, context: "prod")
    #expect(inputs.count == 20)
    #expect(inputs.first?.values == [.number(10), .text("x")])
    #expect(try ledger.inputs(of: model, context: "lab").isEmpty)
  }

  @Test("the models that were listed last are there without the service")
  func models() throws {
    let spec = TensorSpec(name: "x", datatype: .fp32, shape: [-1, 2])
    let models = [
      Model(
        id: ModelID("wine", version: "3"), state: .ready, platform: "xgboost",
        signature: Signature(inputs: [spec], outputs: [spec])),
      Model(
        id: ModelID("choice.pipeline"), state: .degraded, reason: "a step\u{1B}", platform: "pipeline",
        kind: .pipeline(
          Pipeline(
            name: "choice", namespace: "lab",
            steps: [
              .init(
                name: "a", inputs: ["choice.inputs.x"], inputsJoin: .outer, triggers: ["b"], triggersJoin: .any,
                batch: 2)
            ], externalInputs: ["other.outputs"], output: ["a"], outputJoin: .any)),
        deployed: Deployed(
          namespace: "lab",
          versions: [
            DeployedVersion(
              name: "2", state: .failed, word: "PipelineFailed", reason: "no room",
              replicas: ReplicaCount(desired: 2, available: 1), server: "mlserver", since: Sample.start)
          ], requirements: ["sklearn"], storage: "gs://a", usedBy: ["ab.experiment"],
          scale: ScaleRow(name: "s", namespace: "lab", targetKind: "Model", target: "a", maximum: 9, current: 2))),
      Model(
        id: ModelID("ab.experiment"), state: .ready,
        kind: .experiment(
          Experiment(
            name: "ab", state: .ready, resource: .pipeline, standard: "a", candidates: [.init(name: "a", weight: 3)],
            mirror: .init(name: "m", percent: 5), isActive: true, areCandidatesReady: true, isMirrorReady: false)),
        deployed: Deployed()),
    ]
    try ledger.rememberModels(models, context: "prod", at: Sample.start)
    let found = try #require(try ledger.models(context: "prod"))
    #expect(found.at == Sample.start && found.models == models)
    #expect(try ledger.models(context: "lab") == nil)
    try ledger.set(.object(["a": 1]), for: "sync.prod")
    #expect(try ledger.value(for: "sync.prod") == .object(["a": 1]))
    try ledger.set(nil, for: "sync.prod")
    #expect(try ledger.value(for: "sync.prod") == nil)
    let hash = try ledger.putBlob([1, 2, 3])
    #expect(try ledger.blob(hash) == [1, 2, 3])
  }
}
