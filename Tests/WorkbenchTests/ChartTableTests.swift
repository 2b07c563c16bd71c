import Domain
import Frames
import Testing

@testable import Workbench

/// `t` says in numbers what a chart shows, and no chart says a thing by colour alone.
@Suite("Charts in numbers")
struct ChartTableTests {
  /// Shares with decimals as a screen has them: `.83`, `−.97`, `+2.17`; not a part of a word, a version, a time.
  private static func decimals(_ line: String) -> [String] {
    line.split { " │─━[]()".contains($0) }.compactMap { word in
      let digits = word.drop { "+−".contains($0) }
      let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
      let isNumber = parts.count == 2 && !parts[1].isEmpty && digits.allSatisfy { $0.isNumber || $0 == "." }
      return isNumber ? String(word) : nil
    }
  }

  private static func value(_ word: String) -> Double? {
    let digits = word.replacing("−", with: "-").replacing("+", with: "")
    return Double(digits.hasPrefix(".") ? "0" + digits : digits.replacing("-.", with: "-0."))
  }

  @Test(
    "each share on screen stands in the table form, as exact or more",
    arguments: Scene.all.filter { ["models", "case", "drift", "review", "feedback"].contains($0.screen) }
      .filter { ["loaded", "judged", "classes", "picture", "text", "outliers", "ten-classes"].contains($0.state) })
  func decimals(_ scene: Scene) throws {
    let story = try scene.story()
    for (columns, rows) in [(80, 24)] + Scene.otherSizes {
      let story = story.resized(columns, rows)
      let outline = App.read(story.state)
      let known = outline.lines.flatMap { $0.split { " ,;:()[]–→".contains($0) } }.compactMap { Self.value(String($0)) }
      // What has no room of its own is one sum on screen, and each of its parts in the table.
      for row in 2..<(rows - 2) where !story.line(row).contains(" other") {
        // The scale of a chart is no value.
        for word in Self.decimals(story.line(row)) where !story.line(row).contains("scale 0–\(word)") {
          guard let value = Self.value(word) else { continue }
          let places = word.split(separator: ".").last.map(\.count) ?? 0
          let step = (0..<places).reduce(0.5000001) { step, _ in step / 10 }
          #expect(known.contains { abs($0 - value) <= step }, "\(word) in \(story.line(row))\n\(outline.text)")
        }
      }
    }
  }

  @Test("for and against, little and much are told by glyphs and signs; colour only repeats it")
  func colourBlind() throws {
    var glyphs: [Role: Set<Unicode.Scalar>] = [:]
    for scene in Scene.all {
      let story = try scene.story()
      for (columns, rows) in [(80, 24), (200, 50)] {
        let frame = story.resized(columns, rows).frame
        for cell in frame.cells where !cell.isBlank { glyphs[cell.style.role, default: []].insert(cell.scalar) }
      }
    }
    let data: [(Role, Role)] = [(.positive, .negative), (.heatLow, .heatHigh)]
    for (one, other) in data {
      let (first, second) = (glyphs[one] ?? [], glyphs[other] ?? [])
      #expect(!first.isEmpty && !second.isEmpty, "\(one) and \(other) are on no screen")
      #expect(first.isDisjoint(with: second), "\(one) and \(other) share \(first.intersection(second))")
    }
    // Red and green are on states alone: each sign is its own.
    let states: [Role] = [.ok, .bad]
    for role in states {
      #expect((glyphs[role] ?? []).isSubset(of: ["●", "✓", "✗", "▲"]), "\(role): \(glyphs[role] ?? [])")
    }
    #expect((glyphs[.ok] ?? []).isDisjoint(with: glyphs[.bad] ?? []))
  }

  @Test("opened while data are on their way the table form follows them, from where it was scrolled to")
  func arriving() {
    var story = DriftScreenTests.opened(nil)
    story.press("t")
    #expect(story.screen.contains("loading"))
    story.happens(.drift(.progressed("comparing the windows…")))
    #expect(story.screen.contains("comparing the windows…"))
    story.happens(.drift(.arrived(DriftScreenTests.content())))
    #expect(story.state.overlay == .table(App.read(story.state), scroll: 0))
    #expect(story.screen.contains("TabularDrift") || story.screen.contains("occupation"), "\(story.screen)")
    story.press("jjjjj")
    let top = story.line(8)
    var content = DriftScreenTests.content()
    content.windows[content.windows.count - 1].count = 4321
    story.happens(.drift(.arrived(content)), .waiting(7))
    #expect(story.line(8) == top)
    story.press("G")
    #expect(story.screen.contains("4321"))
    // What is no screen's own text stays as it is.
    story.press(.escape)
    story.state.overlay = .outline(Outline("An event", []), scroll: 0)
    story.happens(.drift(.arrived(DriftScreenTests.content())))
    #expect(story.state.overlay == .outline(Outline("An event", []), scroll: 0))
  }
}
