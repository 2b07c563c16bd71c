import Domain
import Feedback
import Testing

@Suite("What researchers publish")
struct InboxTests {
  private let id = ShortHash.of(Array("case".utf8))

  private func roundTrip<Value: JSONCodable & Equatable>(_ value: Value) throws {
    #expect(try Value(bytes: value.canonicalBytes()) == value)
  }

  @Test("is read again as it was written, also words that are no UTF-8")
  func codecs() throws {
    try roundTrip(
      Guideline(
        version: "g7", model: "income", question: "Over 50K?", text: RawText(bytes: [0x61, 0x0A, 0xFF]),
        reasons: ["age wrong", "other"]))
    try roundTrip(Guideline(version: "g1", text: "t"))
    try roundTrip(Question(text: "Why?", caseID: id))
    try roundTrip(Question(text: "Is the list complete?"))
    try roundTrip(Adjudication(caseID: id, label: ">50K", by: "panel", note: "seen by three"))
    try roundTrip(Adjudication(caseID: id, value: -0.5))
    try roundTrip(
      PublishedQueue(
        title: "week", model: ModelID("income", version: "3"), count: 2, population: 10, sampler: "stratified",
        isBlind: true, due: Timestamp("2026-12-04"), content: Hash.of([1]), bytes: 9))
  }

  @Test("is refused where it says too little or contradicts itself, with what is wrong")
  func refusals() throws {
    func reason<Value: JSONCodable>(_ text: String, _: Value.Type) -> String {
      do throws(EventBodyError) {
        _ = try Value(bytes: Array(text.utf8))
        return "taken"
      } catch {
        return error.reason
      }
    }
    #expect(reason(#"{"version":"","text":"t"}"#, Guideline.self) == "version is empty")
    #expect(
      reason(#"{"version":"g","text":"t","reasons":["1","2","3","4","5","6","7","8","9","10"]}"#, Guideline.self)
        == "reasons has 10 of 9 at most")
    #expect(reason(#"{"text":""}"#, Question.self) == "text is empty")
    #expect(reason(#"{"text":"a","case":"12"}"#, Question.self) == "case is no identity of a case")
    #expect(reason(#"{"label":"a"}"#, Adjudication.self) == "case is missing")
    let both = #"{"case":"\#(id.hex)","label":"a","value":1}"#
    #expect(reason(both, Adjudication.self) == "either label or value says what is right")
    for (wrong, word) in [
      (#""label":"""#, "label is empty"), (#""value":"NaN""#, "value is no finite number"),
      (#""value":"Infinity""#, "value is no finite number"),
    ] {
      #expect(reason(#"{"case":"\#(id.hex)",\#(wrong)}"#, Adjudication.self) == word, "\(wrong)")
    }
    let queue = #"{"model":"m","count":3,"population":2,"sha256":"\#(Hash.zero.hex)","bytes":1}"#
    #expect(reason(queue, PublishedQueue.self) == "count, population and bytes do not fit together")
  }

  @Test("a record of a queue has inputs, and chances that can be chances")
  func lines() throws {
    func read(_ text: String) -> Result<QueueLine, EventBodyError> {
      Result { () throws(EventBodyError) in try QueueLine(bytes: Array(text.utf8), of: ModelID("income")) }
    }
    #expect(try read(#"{"inputs":{"a":1},"propensity":0.25,"score":1}"#).get().propensity == 0.25)
    #expect(try read(#"{"inputs":{"a":1}}"#).get().propensity == 1)
    for wrong in [
      "[]", "{}", #"{"inputs":1}"#, #"{"inputs":[],"propensity":0}"#, #"{"inputs":[],"propensity":1.01}"#,
      #"{"inputs":[],"propensity":"NaN"}"#, #"{"inputs":[],"score":-1}"#, "{", #"{"inputs":[],"inputs":[]}"#,
    ] {
      #expect(throws: EventBodyError.self, "\(wrong)") { try read(wrong).get() }
    }
    // What the analyst's tool would set aside is not in a queue.
    for (wrong, word) in [
      (#""at":"not a time""#, "at is no time"),
      (#""label":"c","probabilities":{"a":1}"#, "not among the probabilities"),
      (#""probabilities":{"a":4}"#, "not 0 to 1"), (#""explanations":[{"attributions":{}}]"#, "link is missing"),
      (#""outlier":7"#, "score is missing"),
      (#""outputs":[{"name":"p","datatype":"FP64","shape":[1,2],"data":[1]}]"#, "p has 1 elements"),
    ] {
      do throws(EventBodyError) {
        _ = try read(#"{"inputs":{"a":1},\#(wrong)}"#).get()
        Issue.record("\(wrong) was taken")
      } catch {
        #expect(error.reason.contains(word), "\(error.reason)")
      }
    }
    let short = #"{"inputs":[{"name":"x","datatype":"FP64","shape":[1,2],"data":[1]}]}"#
    #expect(throws: EventBodyError.self) { try read(short).get() }
    let drawn = try read(#"{"inputs":{"a":1},"propensity":0.5}"#).get().drawn(with: 0.05)
    #expect(try QueueLine(bytes: drawn.json.serialized, of: ModelID("income")).propensity == 0.05)
  }

  @Test("a name that is null is as if it were not there: such lines are told apart by their records")
  func nulls() throws {
    func line(_ text: String) throws -> QueueLine { try QueueLine(bytes: Array(text.utf8), of: ModelID("income")) }
    #expect(try line(#"{"source_id":null,"id":null,"inputs":{"a":1}}"#).name == nil)
    #expect(try line(#"{"source_id":null,"id":7,"inputs":{"a":1}}"#).sourceID == "7")
    let read = try ReadPrediction(
      JSON(parsing: Array(#"{"source_id":null,"label":"x","inputs":{"a":1}}"#.utf8)), model: "income",
      at: Timestamp(microseconds: 0))
    #expect(read.sourceID.isEmpty)
  }
}
