import Domain
import Testing

@Suite("A timestamp")
struct TimestampTests {
  @Test(
    "reads and writes ISO 8601 in UTC",
    arguments: [
      ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
      ("2026-11-23T12:04:05.25Z", "2026-11-23T12:04:05.250000Z"),
      ("2024-02-29", "2024-02-29T00:00:00.000000Z"), ("2026-12-31", "2026-12-31T00:00:00.000000Z"),
      ("2026-11-23T12:04:05-23:59", "2026-11-24T12:03:05.000000Z"),
      ("2026-11-23T12:04:05+02:00", "2026-11-23T10:04:05.000000Z"),
      ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"),
      ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
      ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000000Z"),
    ])
  func text(input: String, output: String) {
    #expect(Timestamp(input)?.description == output)
  }

  @Test("is written whatever its year is: what comes from outside can be anything")
  func farYears() {
    #expect(Timestamp(microseconds: 400_000_000_000_000_000).description == "14645-06-30T15:06:40.000000Z")
    #expect(Timestamp(microseconds: -70_000_000_000_000_000).description == "-0249-10-15T19:33:20.000000Z")
  }

  @Test(
    "refuses what is no time",
    arguments: [
      "", "2026-13-01", "2026-11-23T25:00Z", "yesterday", "2026-11-23T12:04:05ZZ", "2026-02-29", "2026-11-31",
      "2026-01-00", "2100-02-29", "2026-11-23T12:04:05+24:00", "2026-11-23T12:04:05-01:60",
      "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01",
    ])
  func refusals(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("is shown as a clock today and as a date before")
  func shortText() throws {
    let now = try #require(Timestamp("2026-11-23T12:04:05Z"))
    #expect(now.advanced(bySeconds: -3600).shortText(asOf: now) == "11:04Z")
    #expect(now.advanced(bySeconds: -86_400).shortText(asOf: now) == "2026-11-22")
    #expect(now.weekdayText == "Mon 23")
  }

  @Test("aligns to the start of its window, also before 1970")
  func alignment() throws {
    let moment = try #require(Timestamp("2026-11-23T13:59:59Z"))
    #expect(moment.aligned(toSeconds: 21_600).clockText == "12:00Z")
    #expect(Timestamp(microseconds: -1).aligned(toSeconds: 3600).clockText == "23:00Z")
  }
}
