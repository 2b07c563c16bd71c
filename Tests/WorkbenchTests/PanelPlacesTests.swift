import Frames
import Testing

@testable import Workbench

/// A screen that waits, has failed or is old stands as it will stand when all is there.
@Suite("Where the panels stand")
struct PanelPlacesTests {
  /// The rules of a frame: the rows they begin in, and the columns that divide it.
  private struct Places: Equatable {
    var rows: Set<Int> = []
    var columns: Set<Int> = []

    init(_ frame: Frame) {
      for row in 1..<(frame.rows - 2) {
        if "─━".unicodeScalars.contains(frame[row, 0].scalar) { rows.insert(row) }
        for column in 0..<frame.columns where "┯├┤┼".unicodeScalars.contains(frame[row, column].scalar) {
          columns.insert(column)
        }
      }
    }
  }

  private static let sizes = [(80, 24)] + Scene.otherSizes

  @Test(
    "nothing moves when the answer comes, is late, or does not come",
    arguments: ["models", "infer", "drift", "review", "outbox", "inbox", "feedback"])
  func places(_ screen: String) throws {
    let loaded = try #require(Scene.of(screen, ["loaded"]).first).story()
    for scene in Scene.of(screen, ["loading", "empty", "reloading", "failed", "stale", "offline", "syncing", "asking"])
    {
      let story = try scene.story()
      for (columns, rows) in Self.sizes {
        let wanted = Places(loaded.resized(columns, rows).frame)
        let found = Places(story.resized(columns, rows).frame)
        #expect(found == wanted, "\(scene.state) at \(columns)x\(rows)\n\(story.resized(columns, rows).screen)")
      }
    }
  }

  @Test("a case keeps its answer, its why and the analyst's call where they are, whatever else is known of it")
  func cases() throws {
    let loaded = try #require(Scene.of("case", ["loaded"]).first).story()
    for scene in Scene.of("case", ["loading", "failed", "empty", "explaining", "unexplained", "stale", "offline"]) {
      let story = try scene.story()
      for (columns, rows) in Self.sizes {
        let wanted = loaded.resized(columns, rows).frame
        let found = story.resized(columns, rows).frame
        for row in 1..<(rows - 2) {
          for title in ["Prediction", "Why", "Your call"] where wanted.line(row).dropFirst(2).hasPrefix(title) {
            #expect(
              found.line(row).dropFirst(2).hasPrefix(title), "\(scene.state) at \(columns)x\(rows)\n\(found.text)")
          }
        }
        #expect(Places(found).columns == Places(wanted).columns, "\(scene.state) at \(columns)x\(rows)")
      }
    }
  }

  @Test(
    "the titles of a list stand where they will stand",
    arguments: [("models", 2), ("review", 2), ("outbox", 8), ("inbox", 2)])
  func titles(_ screen: String, _ row: Int) throws {
    let loaded = try #require(Scene.of(screen, ["loaded"]).first).story()
    for scene in Scene.of(screen, ["loading", "empty", "reloading", "failed"]) {
      let story = try scene.story()
      for (columns, rows) in Self.sizes {
        let width = screen == "models" || screen == "review" ? min(columns, 76) : columns
        let wanted = loaded.resized(columns, rows).line(row).prefix(width)
        #expect(story.resized(columns, rows).line(row).prefix(width) == wanted, "\(scene.state) at \(columns)x\(rows)")
      }
    }
  }

  @Test("what was known stays on screen when it could not be renewed, and the screen says so")
  func stale() throws {
    for screen in ["drift", "review", "outbox", "inbox", "feedback", "case"] {
      let loaded = try #require(Scene.of(screen, ["loaded"]).first).story()
      let stale = try #require(Scene.of(screen, ["stale"]).first).story()
      let (before, after) = (loaded.screen.split(separator: "\n"), stale.screen.split(separator: "\n"))
      // The rules that say so, the footer's count.
      let changed = zip(before, after).filter { $0 != $1 && !$0.hasPrefix("─") && !$0.hasPrefix("━") }
      #expect(changed.count <= 1, "\(screen)\n\(stale.screen)")
      #expect(stale.screen.contains("✗ as it was") || stale.screen.contains("✗ not renewed"), "\(screen)")
    }
    let refused = try #require(Scene.of("infer", ["stale"]).first).story()
    // An answer is of its input: beside a failure the one before would be taken for this one's.
    #expect(refused.screen.contains("✗ The service could not use") && !refused.screen.contains(">50K      █"))
  }
}
