import Domain
import Foundation
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("The text of a case")
struct TextPanelTests {
  private static func words(_ text: String, _ tokens: [String], record: String? = nil) -> [String] {
    var found: [Attributions.Token] = []
    var place = text.utf8.startIndex
    for token in tokens {
      guard let range = text[place...].range(of: token) else { continue }
      let start = text.utf8.distance(from: text.utf8.startIndex, to: range.lowerBound)
      found.append(.init(text: RawText(token), start: start, end: start + token.utf8.count))
      place = range.upperBound
    }
    let attributions = Attributions(
      link: .margin, isExact: true, features: found.map { .init(name: $0.text, value: "") },
      classes: [.init(label: "a", base: 0, shares: found.map { _ in 0.5 }, output: 1)], layout: .tokens(found))
    let tensor = Tensor(name: "text", datatype: .bytes, shape: [1, 1], elements: .bytes([RawText(record ?? text)]))
    return TextPanel.text(attributions, class: 0, of: Record(tensors: [tensor])).words.map {
      $0.text.text + ($0.weight == nil ? "|" : "")
    }
  }

  @Test("is the record's own, with what stands between the words that were weighed")
  func punctuation() {
    #expect(
      Self.words(
        "Hi all, Ken (from the warehouse) wrote - to me!\nWhich code?",
        [
          "Hi", "all", "Ken", "from", "the",
          "warehouse", "wrote", "to", "me", "Which", "code",
        ])
        == ["Hi", "all,", "Ken", "(from", "the", "warehouse)", "wrote", "-|", "to", "me!", "Which", "code?"])
    #expect(Self.words("…über «日本»", ["über", "日本"]) == ["…über", "«日本»"])
    #expect(Self.words("a ... ", ["a"]) == ["a", "...|"])
    #expect(Self.words("well-known", ["well", "known"]) == ["well-", "known"])
  }

  @Test("is the words alone where they do not stand in the record as they say")
  func elsewhere() {
    #expect(Self.words("Hi all, Ken", ["Hi", "all", "Ken"], record: "other words") == ["Hi", "all", "Ken"])
  }
}
