import SafeText
import Testing

@testable import Workbench

@Suite("How far a batch is")
struct BatchProgressTests {
  private static func progress(_ change: (inout BatchProgress) -> Void) -> String {
    var progress = BatchProgress()
    progress.scored = 12_393
    progress.setAside = 7
    progress.rate = 3120
    progress.requestsInFlight = 8
    progress.rowsPerRequest = 256
    change(&progress)
    return progress.text.text
  }

  @Test("is said in one line, by rows where they were counted, else by bytes")
  func line() {
    let end = " · 7 set aside · 8 in flight × 256"
    #expect(
      Self.progress { $0.rows = 1_000_000 } == "12 400 of 1 000 000 rows · 3 120 rows/s · 5 min 17 s left" + end)
    let bytes = Self.progress {
      $0.size = 1_000_000
      $0.bytes = 250_000
    }
    #expect(bytes == "12 400 rows (25 %) · 3 120 rows/s · 12 s left" + end)
    #expect(Self.progress { _ in } == "12 400 rows · 3 120 rows/s" + end)
    #expect(Self.progress { $0.pause = 7.2 } == "12 400 rows · 3 120 rows/s · the service is busy, 8 s to wait" + end)
    #expect(Self.progress { $0.before = 100 } == "12 500 rows · 3 120 rows/s" + end)
    #expect(BatchProgress().text.text == "0 rows")
  }

  @Test(
    "says durations in their two largest units",
    arguments: [
      (0, "0 s"), (16, "16 s"), (316, "5 min 16 s"), (3600, "1 h"), (7500, "2 h 5 min"), (273_600, "3 d 4 h"),
    ])
  func duration(seconds: Int, text: String) {
    #expect(BatchProgress.text(seconds: Double(seconds)).text == text)
  }
}
