import Domain
import Feedback
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("A record on screen")
struct RecordTests {
  /// Three fields, of which the second may be left out.
  static let signature = Signature(
    inputs: [
      TensorSpec(name: "age", datatype: .fp64, shape: [-1, 1]),
      TensorSpec(name: "work", datatype: .bytes, shape: [-1, 1], parameters: [.init("optional", true)]),
      TensorSpec(name: "hours", datatype: .fp64, shape: [-1, 1]),
    ], outputs: [])

  static func content(_ tensors: [Tensor], _ signature: Signature? = signature) throws -> CaseContent {
    var content = try Kinds.wineContent()
    content.signature = signature
    content.case.record = Record(tensors: tensors)
    content.case.explanations = []
    content.canExplain = false
    return content
  }

  static func number(_ name: RawText, _ values: Double...) -> Tensor {
    Tensor(name: name, datatype: .fp64, shape: [1, values.count], elements: .double(values))
  }

  static func queue(_ content: CaseContent, columns: Int = 80, rows: Int = 24) -> Story {
    var story = Story(columns: columns, rows: rows)
    _ = App.open(&story.state, .review, 0)
    let item = ReviewScreen.Item(content: content, stamp: ReviewScreenTests.stamp(0.5), why: "sample")
    let queue = ReviewScreen.Queue(order: QueueOrder(), items: [item])
    story.happens(.queueArrived(queue, ReviewScreen.Pace(), milliseconds: 1000))
    return story
  }

  @Test("a value that is absent is said so, on the screen and in words")
  func absent() throws {
    let content = try Self.content([Self.number("age", 56.5), Self.number("hours", 64)])
    #expect(RecordLines.lines(of: content.case.record, Self.signature, width: 60) == ["age 56.5   work ·   hours 64"])
    #expect(Outline.Section.record(content).rows == [["age", "56.5"], ["work", "·"], ["hours", "64"]])
    #expect(CaseScreenTests.opened(content).screen.contains("age 56.5   work ·   hours 64"))
    #expect(Self.queue(content).screen.contains("age 56.5   work ·   hours 64"))
  }

  @Test("a text without a letter is no absent one")
  func empty() throws {
    let work = Tensor(name: "work", datatype: .bytes, shape: [1, 1], elements: .bytes([""]))
    let content = try Self.content([Self.number("age", 1), work, Self.number("hours", 2)])
    #expect(RecordLines.lines(of: content.case.record, Self.signature, width: 60) == ["age 1   work \"\"   hours 2"])
    #expect(Outline.Section.record(content).rows[1] == ["work", "\"\""])
  }

  @Test("what no field of the signature takes is shown by its tensor's name, whole")
  func untaken() throws {
    let tensors = [Self.number("age", 56.5, 7), Self.number("hours", 64), Self.number("café_crème", 1, 2, 3)]
    let content = try Self.content(tensors)
    let lines = ["age 56.5   work ·   hours 64", "age 56.5 7   café_crème 1 2 3"]
    #expect(RecordLines.lines(of: content.case.record, Self.signature, width: 32).map(\.text) == lines)
    #expect(
      Outline.Section.record(content).rows.suffix(2) == [["age", "56.5 7"], ["café_crème", "1 2 3"]])
    #expect(CaseScreenTests.opened(content).screen.contains("café_crème 1 2 3"))
  }

  @Test("without a signature each tensor is shown with all its elements, several to a line")
  func bare() throws {
    let text = Tensor(
      name: "text", datatype: .bytes, shape: [1, 1], elements: .bytes(["a note of nine words that fills lines"]))
    let content = try Self.content([Self.number("v", 3, 4, 5), Self.number("w", 6), text], nil)
    let lines = ["text a note of nine", "words that fills", "lines", "v 3 4 5   w 6"]
    #expect(RecordLines.lines(of: content.case.record, nil, width: 20).map(\.text) == lines)
    #expect(Outline.Section.record(content).rows[0] == ["v", "3 4 5"])
    #expect(CaseScreenTests.opened(content).screen.contains("v 3 4 5"))
    var story = Self.queue(content)
    story.press("B")
    #expect(Outline.Section.record(content).columns == ["TENSOR", "VALUE"])
    #expect(App.read(story.state).sections.contains { $0.rows.contains(["v", "3 4 5"]) }, "blind, the record stays")
  }

  @Test(
    "an open queue shows something of the record whatever else it says, and says that there is more",
    arguments: [(80, 24), (60, 16), (120, 40), (50, 14)])
  func cut(columns: Int, rows: Int) throws {
    var content = try Kinds.wineContent()
    content.signature = nil
    content.case.record = Record(tensors: (1...60).map { Self.number(RawText("measure_\($0)"), Double($0)) })
    var story = Self.queue(content, columns: columns, rows: rows)
    if columns < 60 { story.turns(to: "Case") }
    #expect(story.screen.contains("measure_1 1"))
    #expect(!story.screen.contains("measure_60"))
    #expect(story.screen.contains("t shows the"))
    story.press("t")
    #expect(LongTextTests.scrolled(story).joined().contains("measure_60"))
  }

  @Test("of the last line no number is cut: a value is whole or not there")
  func wholeValues() throws {
    let lines: [SafeText] = ["alcohol 12.84   proline 952   magnesium 112   hue 0.56", "ash 2"]
    for width in 34...60 {
      let line = RecordLines.fitting(lines, rows: 1, "t shows it", width: width)[0].plain
      #expect(line.hasSuffix("…  t shows it") && line.count <= width)
      let values = line.split(separator: " ").filter { $0.allSatisfy { $0.isNumber || $0 == "." } }
      #expect(values.allSatisfy { ["12.84", "952", "112", "0.56"].contains($0) }, "\(line)")
    }
  }

  @Test("what fits is shown without a mark")
  func whole() throws {
    let content = try Self.content([Self.number("age", 56.5)])
    #expect(!Self.queue(content).screen.contains("t shows"))
  }
}
