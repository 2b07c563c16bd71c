import Foundation
import Frames
import PtyTesting
import Testing

/// The walk through the demonstration that the README shows: the same keys, on the real programs.
///
/// What is different each time is left out before the frames are compared: words without a letter (numbers, bars, lines),
/// digits within words, ids, addresses and paths. Of a frame that is not steady, whose lists and charts follow the hour, the
/// header, the heavy rule, the titles of the list and the footer are compared. `MDS_RECORD=1` writes the frames anew.
@Suite("The walk in the README", .serialized)
struct ReadmeWalkTests {
  struct Step: Sendable {
    /// What is pressed, and what that is for; as the README has it.
    var words: String
    var isSteady = true
    var press: @Sendable (Pty) throws -> Void
  }

  private static let record = "12.84,2.71,2.47,21.8,112,1.41,1.4,0.24,1.3,10.78,0.49,1.59,487"

  private static let steps = [
    Step(words: "`make run`, then `/wine` and Enter: the models, filtered to one") { terminal in
      try terminal.expect("colleagues judge", within: 120)
      try terminal.wait(for: "the demonstration", within: 120) { $0.contains("sort: drift") }
      try terminal.send("/wine")
      try terminal.expect("Models 1 of 4")
      try terminal.press(.enter)
      try terminal.expect("⏎ open")
    },
    Step(words: "`i`, then a line of thirteen values pasted: the input, each value with its range") { terminal in
      try terminal.send("i")
      try terminal.expect("proline")
      try terminal.expect("POST v2/models/")
      try terminal.paste(record)
      try terminal.expect("487")
    },
    Step(words: "`X`: the prediction, and why it came out so") { terminal in
      try terminal.send("X")
      try terminal.expect("Each class")
    },
    Step(words: "`d` `1`, `c` `4`, `s`: not class_2 but class_0, fairly sure; saved") { terminal in
      try terminal.send("d1c4s")
      try terminal.expect("saved #4 disagree → class_0")
    },
    Step(words: "`g` `d`: how the inputs of wine have moved", isSteady: false) { terminal in
      try terminal.send("gd")
      try terminal.expect("features by p")
      try terminal.expect("TabularDrift")
    },
    Step(words: "`g` `m` `r`, then `u`: the cases that wait, and of one that it cannot be told", isSteady: false) {
      terminal in
      try terminal.send("gmr")
      try terminal.expect("1/40")
      try terminal.send("u")
      try terminal.expect("s saves")
    },
    Step(words: "`g` `s`, then `verdict:disagree`: what was said, one's own and colleagues'", isSteady: false) {
      terminal in
      try terminal.send("gsverdict:disagree")
      try terminal.expect("verdict  disagree → class_0")
      try terminal.expect("confidence 4/5")
    },
    Step(words: "Esc, `g` `o`: the researchers' collector has it") { terminal in
      try terminal.press(.escape)
      try terminal.wait(for: "the list") { $0.lines.last?.contains("/ search") ?? false }
      try terminal.send("go")
      try terminal.wait(for: "nothing that waits") {
        $0.text.contains(/waiting +nothing/) && $0.contains("● received")
          && $0.text.contains(/last sync +[0-9]/)
      }
    },
  ]

  @Test("is the main job as it is done: choose, look, judge, review, search, and it is sent; nothing is left behind")
  func walk() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try Pty(Paths.mds, ["demo"], environment: ["TMPDIR": scratch.path, "USER": "ana"])
    let frames = try Self.steps.map { step in
      try step.press(terminal)
      terminal.settle()
      return terminal.screen.lines.map { $0.replacing(#/ +$/#, with: "") }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 1)
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    let path = Paths.repository + "/README.md"
    let readme = try String(contentsOfFile: path, encoding: .utf8)
    if ProcessInfo.processInfo.environment["MDS_RECORD"] != nil {
      try Self.recorded(frames, in: readme).write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    let shown = try Self.shown(in: readme)
    #expect(shown.map(\.words) == Self.steps.map(\.words))
    for (step, (shown, frame)) in zip(Self.steps, zip(shown, frames)) {
      let (wanted, found) = (Self.fixed(shown.frame, step.isSteady), Self.fixed(frame, step.isSteady))
      #expect(wanted == found, "\(step.words)\n\(frame.joined(separator: "\n"))")
    }
  }

  // MARK: The README

  private static let heading = "## A walk through\n"

  /// The walk's section: from its heading to the next.
  private static func section(of readme: String) throws -> Range<String.Index> {
    let start = try #require(readme.range(of: heading)).upperBound
    let end = readme.range(of: "\n## ", range: start..<readme.endIndex)?.lowerBound ?? readme.endIndex
    return start..<end
  }

  private static func shown(in readme: String) throws -> [(words: String, frame: [String])] {
    let section = readme[try section(of: readme)]
    return section.components(separatedBy: "<details><summary>").dropFirst().map { part in
      let words = part.components(separatedBy: "</summary>")
      let frame = words[1].components(separatedBy: "```")[1]
      return (
        words[0].replacing("<code>", with: "`").replacing("</code>", with: "`"),
        frame.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast().map(String.init)
      )
    }
  }

  private static func recorded(_ frames: [[String]], in readme: String) throws -> String {
    let blocks = zip(steps, frames).map { step, frame in
      var words = step.words
      // Markdown does not read what stands in a summary.
      while let tick = words.firstIndex(of: "`") {
        words.replaceSubrange(tick...tick, with: "<code>")
        if let next = words.firstIndex(of: "`") { words.replaceSubrange(next...next, with: "</code>") }
      }
      let ledger = "/tmp/mds-demo-31448/ledger.sqlite"
      let text = frame.joined(separator: "\n").replacing(#/\/tmp\/mds-walk\S*ledger\.sqlite/#, with: ledger)
      return "<details><summary>\(words)</summary>\n\n```text\n\(text)\n```\n</details>\n"
    }
    let intro = """

      The main job on the demonstration, at 80x24; each line says what was pressed. Hours, ids and drift are of the day on which
      it was recorded. A test presses the same keys and compares.


      """
    var readme = readme
    readme.replaceSubrange(try section(of: readme), with: intro + blocks.joined(separator: "\n"))
    return readme
  }

  // MARK: What is the same each time

  private static func fixed(_ frame: [String], _ isSteady: Bool) -> [[String]] {
    var lines = frame
    if !isSteady {
      let titles = frame.firstIndex { $0.hasPrefix("━") }.flatMap { rule in
        frame[rule...].firstIndex { $0.contains(#/ [A-Z]{2,} .*[A-Z]{3}/#) }
      }
      lines = [frame.first, frame.first { $0.hasPrefix("━") }, titles.map { frame[$0] }, frame.last].compactMap(\.self)
    }
    // Whether the case's window has drifted depends on how far into it the day is.
    let signals = lines.map { $0.replacing(/^ (▲ drift|drift:).*?(?=●|$)/, with: "") }
    return signals.map(words).filter { !$0.isEmpty }
  }

  private static func words(_ line: String) -> [String] {
    line.split { " ─━│├┤┯".contains($0) }.compactMap { word in
      if word.contains(/^[0-9a-f]{6}$/) || word.hasPrefix("/") || word.contains("://") { return nil }
      let letters = word.replacing(/[0-9.,−+]+/, with: "0")
      return letters.contains(where: \.isLetter) ? String(letters) : nil
    }
  }
}
