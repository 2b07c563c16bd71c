import Domain
import Frames
import Testing

@testable import Workbench

/// The histogram of a feature, on every size of terminal.
@Suite("The histogram of a feature")
struct HistogramTests {
  static let counts = [5, 10, 15, 40, 60, 120, 90, 60, 40, 30, 20, 10]

  /// Twelve bins: more than fit on a small terminal.
  static func opened(_ columns: Int, _ rows: Int) -> Story {
    var content = DriftScreenTests.content()
    let age = Reference.Feature(
      name: "age", distribution: .numeric(edges: (0...12).map { Double($0 * 8) }, counts: counts))
    content.reference = Reference(count: 500, features: [age])
    for index in content.windows.indices {
      content.windows[index].result?.features = [DriftScreenTests.feature("age", 0.3, 2e-12, counts.reversed())]
    }
    return DriftScreenTests.opened(content, columns: columns, rows: rows)
  }

  /// The shares of each bin as they stand on the screen, by the bin's name.
  static func shares(_ story: Story) -> [String: [String]] {
    var shares: [String: [String]] = [:]
    for row in 1..<story.frame.rows - 3 {
      guard let bin = story.line(row).firstMatch(of: /(\d+–\d+) +░* +(\d+ %)/),
        let current = story.line(row + 1).firstMatch(of: /(\d+ %) *$/)
      else { continue }
      shares[String(bin.1)] = [String(bin.2), String(current.1)]
    }
    return shares
  }

  @Test("a bin has the same share at every size, whole bins fill the rows that there are, and PSI is never cut")
  func sizes() {
    let whole = Self.shares(Self.opened(160, 60))
    #expect(whole.count == 12)
    let plain = [(80, 44), (80, 50), (100, 60), (118, 40), (120, 40), (120, 30), (200, 50)]
    for (columns, rows) in plain {
      let story = Self.opened(columns, rows)
      expect(story, whole, atLeast: 5, "\(columns)x\(rows)")
      #expect(story.screen.contains("PSI .12 base e, 12 bins"), "\(story.screen)")
    }
    for (columns, rows) in [(40, 10), (50, 14), (60, 16), (80, 24), (100, 30), (50, 40), (200, 50)] {
      var story = Self.opened(columns, rows)
      if !story.state.hasOnePanel { story.press("O") }
      for _ in 0..<6 where !story.screen.contains("SHARE") { story.press(.tab) }
      // Beside the bins there are the titles, the note, and at most half of a bin.
      let room = min(12, (rows - 3 - 3) / 2)
      expect(story, whole, atLeast: room, "one panel at \(columns)x\(rows)")
      #expect(story.screen.contains("PSI .12 base e"), "\(story.screen)")
    }
  }

  private func expect(_ story: Story, _ whole: [String: [String]], atLeast count: Int, _ size: String) {
    let shares = Self.shares(story)
    #expect(shares.count >= count, "\(size)\n\(story.screen)")
    for (bin, share) in shares { #expect(share == whole[bin], "\(bin) at \(size)\n\(story.screen)") }
    let isCut = shares.count < 12
    #expect(story.screen.contains("t shows \(12 - shares.count) more") == isCut, "\(size)\n\(story.screen)")
  }
}
