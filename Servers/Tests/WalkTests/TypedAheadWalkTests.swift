import Frames
import PtyTesting
import Testing

/// A slow line brings several keys at once.
@Suite("Keys that come at once", .serialized)
struct TypedAheadWalkTests {
  @Test("judge one case after the other, each as it was meant", arguments: [false, true])
  func burst(isPlain: Bool) throws {
    try CommandHome.onService { home, _ in
      let scored = ["infer", "wine", "--input", CommandTests.wine, "--output", home.scratch.path + "/w"]
      #expect(try home.run(scored).status == 0)
      if isPlain {
        let run = try PlainRun(["open", "--plain"], environment: home.environment)
        try run.hear("Models 4")
        try run.type("gr", hears: "Review 40", "Your call")
        // What was typed before the end is done before the program ends.
        for line in "asusas" { try run.type(String(line)) }
        run.closeInput()
        #expect(run.waitForEnd() == .code(0))
      } else {
        let terminal = try Pty(Paths.mds, ["open", "--fresh"], environment: home.environment)
        try terminal.expect("Models 4")
        try terminal.send("gr")
        try terminal.expect("Queue 40")
        try terminal.send("asusas")
        try terminal.expect(" 4/40")
        try terminal.press(.control("C"))
        #expect(try terminal.waitForExit() == .code(0))
      }
      let lines = try home.run("feedback", "list").text.split(separator: "\n").map(String.init)
      let said = lines.filter { $0.contains(" judgement ") || $0.contains(" amend ") }
      #expect(said.count == 3 && said.allSatisfy { $0.contains(" judgement ") }, "\(lines)")
      #expect(said.count { $0.contains("unsure") } == 1 && said.count { $0.contains("agree") } == 2, "\(lines)")
    }
  }
}
