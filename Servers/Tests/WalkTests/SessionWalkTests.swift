import Foundation
import Frames
import PtyTesting
import Testing

/// What is found again at the next start.
@Suite("An analyst who comes back", .serialized)
struct SessionWalkTests {
  private func state(_ home: CommandHome) -> String { home.scratch.path + "/.local/state/mds" }

  @Test("is told in three lines what this is, once, and finds the screen, the order and the case that were left")
  func comesBack() throws {
    try CommandHome.onService { home, service in
      #expect(
        try home.run("infer", "wine", "--input", CommandTests.wine, "--output", home.scratch.path + "/w").status == 0)
      let first = try Pty(Paths.mds, [], environment: home.environment)
      try first.expect("In three lines")
      try first.expect("A case is a record")
      try first.send("gr")
      try first.expect("Queue 40")
      try first.press(.enter)
      // The queue has a "Your call" of its own.
      let opened = try first.expect("Each class")
      let title = try #require(opened.lines.first)
      try first.send("n")
      try first.send("half a thought")
      try first.press(.enter)
      try first.expect("half a thought")
      try first.press(.control("C"))
      #expect(try first.waitForExit() == .code(0))

      let file = state(home) + "/lab.session.json"
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.attributesOfItem(atPath: state(home))[.posixPermissions] as? Int == 0o700)
      #expect(try FileManager.default.contentsOfDirectory(atPath: state(home)) == ["lab.session.json"])
      let kept = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
      #expect(!kept.contains("thought"), "what was judged is in the ledger alone")

      let second = try Pty(Paths.mds, [], environment: home.environment)
      let found = try second.expect("half a thought")
      #expect(!found.contains("In three lines"))
      #expect(found.lines.first?.prefix(30) == title.prefix(30))
      try second.press(.escape)
      try second.expect("Queue 40")
      try second.press(.escape)
      try second.expect("Models 4")
      try second.send("so")
      try second.expect("sort: name")
      // A line that is cut is an end like any other.
      second.signal(SIGTERM)
      _ = try second.waitForExit()

      let third = try Pty(Paths.mds, [], environment: home.environment)
      try third.expect("sort: name")
      try third.send("gd")
      try third.expect("▸ Drift")
      try third.press(.control("C"))
      _ = try third.waitForExit()
    }
  }

  @Test("opens Models where that is asked for, where restore is off, and where what was left cannot be read")
  func fresh() throws {
    try CommandHome.onService { home, service in
      let first = try LooksWalkTests.opened(home)
      try first.send("go")
      try first.expect("Not archived")
      try LooksWalkTests.leave(first)
      let kept = try Data(contentsOf: URL(fileURLWithPath: state(home) + "/lab.session.json"))
      let back = try Pty(Paths.mds, [], environment: home.environment)
      try back.expect("Not archived")
      try LooksWalkTests.leave(back)

      try LooksWalkTests.leave(try LooksWalkTests.opened(home, ["open", "--fresh"]))
      try kept.write(to: URL(fileURLWithPath: state(home) + "/lab.session.json"))
      try LooksWalkTests.leave(try LooksWalkTests.opened(home, ["--ledger", home.scratch.path + "/other.sqlite"]))
      try kept.write(to: URL(fileURLWithPath: state(home) + "/lab.session.json"))
      try home.write("restore = false\n[contexts.lab]\nservice = \"\(service.url)\"\n", to: "config/mds/config.toml")
      try LooksWalkTests.leave(try LooksWalkTests.opened(home))
      try home.configure(service.url)
      for text in ["", "{", "{\"ledger\":1}", String(repeating: "[", count: 100_000)] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: state(home) + "/lab.session.json"))
        try LooksWalkTests.leave(try LooksWalkTests.opened(home))
      }
    }
  }

  @Test("finds nothing of a demonstration, and it makes no file of theirs")
  func demonstration() throws {
    try CommandHome.alone { home in
      let environment = home.environment.merging(["TMPDIR": home.scratch.path, "XDG_RUNTIME_DIR": home.scratch.path]) {
        $1
      }
      let terminal = try Pty(Paths.mds, ["demo", "--empty"], environment: environment)
      try terminal.expect("Models 4", within: 60)
      #expect(!terminal.screen.contains("In three lines"))
      try LooksWalkTests.leave(terminal)
      #expect(!FileManager.default.fileExists(atPath: state(home)))
    }
  }

  @Test("finds nothing begun on a case that was opened from the queue and judged, and its judgement knows the queue")
  func judgedOnItsScreen() throws {
    try CommandHome.onService { home, service in
      #expect(
        try home.run("infer", "wine", "--input", CommandTests.wine, "--output", home.scratch.path + "/w").status == 0)
      let first = try LooksWalkTests.opened(home)
      try first.send("gr")
      try first.expect("Queue 40")
      try first.press(.enter)
      try first.expect("Each class")
      try first.send("as")
      try first.expect("saved #")
      // The next case of the queue is on screen by then, and the queue knows of the first.
      try first.expect("2/40")
      try first.press(.escape)
      let queue = try first.expect("Queue 39")
      #expect(queue.contains("✓") && queue.contains("saved #"))
      try LooksWalkTests.leave(first)
      let rows = try home.run("feedback", "export").text
      #expect(rows.contains("\"sampler\":\"mixed\"") && rows.contains("\"propensity\":"))

      let second = try Pty(Paths.mds, [], environment: home.environment)
      try second.expect("done today 1")
      try second.send("gn")
      try second.expect("nothing was begun and not saved")
      try LooksWalkTests.leave(second)
    }
  }

  @Test("writes a note in $EDITOR, and gives the same verdict again with a dot")
  func noteAndAgain() throws {
    try CommandHome.onService { home, service in
      #expect(
        try home.run("infer", "wine", "--input", CommandTests.wine, "--output", home.scratch.path + "/w").status == 0)
      let terminal = try LooksWalkTests.opened(home, environment: ["EDITOR": "printf 'one\\ntwo\\n' >>"])
      try terminal.send("gr")
      try terminal.expect("Queue 40")
      try terminal.send("u")
      try terminal.expect("unsure")
      try terminal.send("nzero ")
      try terminal.expect("zero")
      try terminal.press(.control("X"), .control("E"))
      try terminal.expect("zero one⏎two")
      try terminal.press(.enter)
      try terminal.send("s")
      try terminal.expect("saved #")
      try terminal.wait(for: "the next case") { !$0.contains("zero one⏎two") && $0.contains("done today 1") }
      try terminal.send(".")
      try terminal.expect("s saves")
      try terminal.send("s")
      try terminal.expect("done today 2")
      try LooksWalkTests.leave(terminal)
      let listed = try home.run("feedback", "list").text
      #expect(listed.split(separator: "\n").count { $0.contains("unsure") } == 2, "\(listed)")
    }
  }
}
