import Domain
import Testing

@Suite("What is looked for")
struct SearchQueryTests {
  static let now = Timestamp("2026-11-23T12:04:00Z") ?? Timestamp(microseconds: 0)

  private func query(_ text: String) -> SearchQuery { SearchQuery(text, now: Self.now) }

  @Test("words, phrases and filters are told apart; the last word may go on while it is typed")
  func parts() {
    let found = query(#"bonus "paid once" model:income by:"ana maria" verdict:disagree late"#)
    #expect(found.words == ["bonus", "paid once", "late"])
    #expect(found.isOpen)
    #expect(found.model == "income" && found.analyst == "ana maria" && found.verdict == .disagree)
    #expect(found.faults.isEmpty)
    #expect(!query(#"late "paid once""#).isOpen)
    #expect(query(#""paid on"#).words == ["paid on"])
    #expect(query(#""paid on"#).isOpen)
    #expect(query("  ").isEmpty && query(#""""#).isEmpty)
  }

  @Test(
    "a time is a day, a moment or an age",
    arguments: [
      ("2026-11-01", "2026-11-01T00:00:00Z"), ("2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z"),
      ("36h", "2026-11-22T00:04:00Z"), ("3d", "2026-11-20T12:04:00Z"), ("2w", "2026-11-09T12:04:00Z"),
    ])
  func times(text: String, moment: String) {
    #expect(query("since:\(text)").since == Timestamp(moment))
    #expect(query("before:\(text)").before == Timestamp(moment))
  }

  @Test(
    "what cannot be read filters nothing and says what would do",
    arguments: [
      ("since:yesterday", "since: takes 2026-11-01, 36h, 3d, not yesterday"),
      ("verdict:maybe", "verdict: takes agree, disagree, unsure, skip, not maybe"),
      ("is:new", "is: takes open, judged, outlier, flagged, not new"), ("model:", "model: takes a name"),
      (#"by:"""#, "by: takes an analyst, or me"),
      ("mdel:wine", #"mdel: is no filter; is model: meant, or "mdel:wine" looks for the words"#),
      ("http://x", #"http: is no filter; "http://x" looks for the words"#),
    ])
  func faults(text: String, fault: String) {
    let found = query(text)
    #expect(found.faults == [fault])
    var other = found
    other.faults = []
    #expect(other.isEmpty)
  }

  @Test(
    "a filter that asks for two things is a fault: no case would be both, and the last alone a wrong count",
    arguments: [
      ("model:wine model:cargo", "model: is asked for twice, wine and cargo"),
      ("is:judged is:open", "is: is asked for twice, judged and open"),
      ("since:1m since:1h", "since: is asked for twice, 1m and 1h"),
    ])
  func twice(text: String, fault: String) {
    #expect(query(text).faults == [fault])
    #expect(query("model:wine bonus model:wine is:open is:outlier").faults.isEmpty)
  }

  @Test("what is no filter is a word: signs, numbers with colons, quotation marks inside")
  func words() {
    #expect(query(#"12:06 a"b C:x :x -"#).words == ["12:06", #"a"b"#, "C:x", ":x", "-"])
    #expect(query(#""http://x""#).words == ["http://x"])
    #expect(query("is:open is:outlier").isJudged == false)
    #expect(query("is:open is:outlier").isOutlier == true)
  }
}
