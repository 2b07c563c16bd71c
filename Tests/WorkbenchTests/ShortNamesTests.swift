import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("Names in little room")
struct ShortNamesTests {
  static let lists: [[RawText]] = [
    ["demo-ana", "demo-brent", "demo-chi"], ["ana@las", "brent@las", "chi@las"],
    ["analyst.one@example.org", "analyst.two@example.org", "analyst.three@example.org"],
    ["a-long-name-1-of-the-office", "a-long-name-2-of-the-office", "a-long-name-3-of-the-office"],
    ["分析者的名字很长一", "分析者的名字很长二", "分析者的名字很长三"],
  ]

  @Test("two names never read alike, and none is wider than its room", arguments: lists)
  func names(_ names: [RawText]) {
    let names = names.map(\.safe)
    for cells in 1...30 {
      guard let short = ShortNames.cut(names, to: cells) else { continue }
      #expect(Set(short.values).count == names.count)
      #expect(short.values.allSatisfy { $0.width <= cells })
    }
    #expect(ShortNames.cut(names, to: 30).map { Set($0.values) == Set(names) } == true)
  }

  @Test("pairs of analysts read differently wherever they are shown", arguments: lists)
  func pairs(_ names: [RawText]) {
    let report = FeedbackScreenTests.income(names: names)
    for (columns, rows) in [(118, 50), (120, 40), (132, 43), (160, 40), (200, 50)] {
      let story = FeedbackScreenTests.opened(FeedbackScreenTests.content(report), columns: columns, rows: rows)
      let lines = (1..<rows - 2).map { story.line($0).split(separator: "│").last.map(String.init) ?? "" }
      let start = lines.firstIndex { $0.contains("TOGETHER") } ?? lines.count
      // A pair may have several lines, the last with its numbers.
      var pairs: [String] = []
      var words = ""
      for line in lines.dropFirst(start + 1) {
        let parts = line.split(separator: "  ", omittingEmptySubsequences: true)
        words += parts.first ?? ""
        if parts.count > 2 {
          pairs.append(words)
          words = ""
        }
      }
      #expect(pairs.count == 3 && Set(pairs).count == 3, "\(pairs) at \(columns)x\(rows)\n\(story.screen)")
    }
  }
}
