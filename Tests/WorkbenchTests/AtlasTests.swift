import FrameTesting
import Frames
import SafeText
import Testing

@testable import Workbench

/// Every screen in every state, on every size of terminal: `Goldens/atlas/SCREEN/STATE.txt` at 80x24 with its styles,
/// `STATE-sizes.txt` the text of the others.
@Suite("The atlas of the screens")
struct AtlasTests {
  @Test("each screen looks as recorded in each of its states, on small, wide and large terminals", arguments: Scene.all)
  func state(_ scene: Scene) throws {
    let story = try scene.story()
    expectGolden(story.frame, named: "atlas/\(scene.screen)/\(scene.state)")
    let parts = Scene.otherSizes.map { columns, rows in
      "== \(columns)x\(rows)\n" + story.resized(columns, rows).frame.text.trimmingEnds
    }
    expectGolden(parts.joined(separator: "\n\n"), named: "atlas/\(scene.screen)/\(scene.state)-sizes")
  }

  @Test(
    "where there is room for one panel only there is one at a time, and Tab leads to every other", arguments: Scene.all)
  func small(_ scene: Scene) throws {
    let wide = try scene.story()
    var story = wide.resized(50, 14)
    var shown = [story.frame.text.trimmingEnds]
    // Ten thousand rows change the list alone, and each of its pictures takes a while.
    let isLong = scene.state == "many"
    let isListening =
      !isLong && !story.state.isAsking && story.state.overlay == nil && story.state.filter == nil
    while isListening, shown.count < 12 {
      story.press(.tab)
      let text = story.frame.text.trimmingEnds
      if text == shown[0] { break }
      shown.append(text)
    }
    if story.state.overlay == nil {
      for text in shown { #expect(Panels(of: text).count == 1, "\(text)") }
    }
    if isListening {
      let all = Set(Panels(of: wide.resized(59, 44).frame.text).titles)
      let reached = Set(shown.flatMap { Panels(of: $0).titles })
      #expect(all.isSubset(of: reached), "\(all.subtracting(reached))")
    }
    let least = isLong ? [] : ["== 40x10\n" + wide.resized(40, 10).frame.text.trimmingEnds]
    expectGolden(
      (shown.map { "== 50x14\n" + $0 } + least).joined(separator: "\n\n"),
      named: "atlas/\(scene.screen)/\(scene.state)-small")
  }

  /// The rules of a screen's text, by the word that each begins with.
  private struct Panels {
    var titles: [Substring]
    var count: Int { titles.count }

    init(of text: String) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      titles = lines.dropFirst().filter { $0.hasPrefix("─") || $0.hasPrefix("━") }.map { line in
        line.drop { "─━ ".contains($0) }.prefix { $0 != " " }
      }
    }
  }

  @Test(
    "in ASCII and without colour it is the same picture, told by bold, underline and reverse", arguments: Scene.loaded)
  func ascii(_ scene: Scene) throws {
    var frame = try scene.story().frame.ascii()
    let isASCII = frame.text.unicodeScalars.allSatisfy { $0.isASCII }
    #expect(isASCII)
    frame.restyle(frame.bounds) { style in
      let ink = Theme.mono[style.role]
      #expect(ink.colour == nil)
      style = Style(bold: style.bold || ink.bold, underline: style.underline, reverse: style.reverse)
    }
    expectGolden(frame, named: "atlas/\(scene.screen)/ascii-mono")
  }

  @Test("where the font has no braille its lines are blocks, and nothing else changes", arguments: Scene.loaded)
  func blocks(_ scene: Scene) throws {
    let frame = try scene.story().frame
    let blocks = frame.blocks()
    let isBraille = { (cell: Cell) in (0x2800...0x28FF).contains(cell.scalar.value) }
    #expect(!blocks.cells.contains(where: isBraille))
    for (before, after) in zip(frame.cells, blocks.cells) where !isBraille(before) { #expect(before == after) }
    if frame.cells.contains(where: isBraille) { expectGolden(blocks.text, named: "atlas/\(scene.screen)/blocks") }
  }

  @Test("the handling banner stands first and last", arguments: Scene.loaded + Scene.overlays)
  func banner(_ scene: Scene) throws {
    let text: SafeText = "SENSITIVE · TRIAL DATA · NOT FOR RELEASE"
    let inner = try scene.story().resized(80, 24 - Banner.rows(of: 24)).frame
    let frame = Banner(text).framing(inner)
    #expect(frame.rows == 24)
    for row in [0, 23] {
      #expect(frame.line(row).contains(text.text))
      let isReverse = (0..<80).allSatisfy { frame[row, $0].style.reverse }
      #expect(isReverse)
    }
    guard scene.state == "loaded" else { return }
    // On the least terminal that has several panels it takes none of them.
    let small = Banner(text).framing(try scene.story().resized(60, 16 - Banner.rows(of: 16)).frame)
    #expect(small.rows == 16)
    expectGolden(frame.text + "\n== 60x16\n" + small.text, named: "atlas/\(scene.screen)/banner")
  }

  @Test("where a banner leaves too few rows it stands there with the size that is needed, and nothing else")
  func bannerAlone() {
    var state = Stub.listed()
    state.banner = "SENSITIVE"
    var frame = Frame(columns: 60, rows: 11 - Banner.rows(of: 11))
    App.draw(state, on: &frame)
    #expect(frame.line(0).hasPrefix("mds needs 40x12; ^C ends"))
    #expect(!frame.text.contains("cargo"))
    state.banner = nil
    App.draw(state, on: &frame)
    #expect(frame.line(0).hasPrefix("mds needs 40x10; ^C ends"))
  }
}

extension String {
  /// The lines without the spaces at their ends.
  var trimmingEnds: String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
  }
}
