import Foundation
import Frames
import PtyTesting
import Testing

/// `mds` on a terminal, where nobody has written a configuration yet.
@Suite("The first start")
struct FirstStartTests {
  private static func open(_ home: CommandHome) throws -> Pty {
    let terminal = try Pty(Paths.mds, [], environment: home.environment)
    try terminal.expect("Three ways to start")
    return terminal
  }

  @Test(
    "offers three ways; who leaves it has nothing on the disk, and whoever named a place is told that it is not there")
  func offers() throws {
    try CommandHome.alone { home in
      let terminal = try Self.open(home)
      try terminal.send("jk")
      try terminal.send("q")
      #expect(try terminal.waitForExit() == .code(0))
      #expect(!home.exists("data") && !home.exists("config/mds/config.toml"))
      let named = try Pty(Paths.mds, ["--context", "lab"], environment: home.environment)
      try named.expect("There is no context lab")
      #expect(try named.waitForExit() == .code(5))
    }
  }

  @Test(
    "connects a service that is there, and opens the workbench on it; of one that is not it says why and comes back")
  func connects() throws {
    let service = try RunningServer.service()
    defer { service.stop() }
    try CommandHome.alone { home in
      let terminal = try Self.open(home)
      try terminal.send("2")
      try terminal.send("http://127.0.0.1:9\r")
      try terminal.send("\r")
      try terminal.expect("Enter goes back")
      try terminal.send("\r")
      try terminal.expect("Three ways to start")
      try terminal.send("2")
      try terminal.send(service.url + "\r")
      try terminal.send("\r")
      try terminal.expect("Enter opens the workbench")
      try terminal.send("\r")
      try terminal.expect("Models 4", within: 60)
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
    }
  }

  @Test("takes over a configuration that was given, says what is wrong with one, and opens the demonstration")
  func opens() throws {
    try CommandHome.alone { home in
      let terminal = try Self.open(home)
      let wrong = try home.write("[contexts.lab]\nservise = \"http://127.0.0.1:9\"\n", to: "wrong.toml")
      try terminal.send("3")
      try terminal.send(wrong + "\r")
      try terminal.expect("has no service")
      let lost = try home.write(
        "[contexts.lab]\nservice = \"https://127.0.0.1:9\"\ncatalogue = \"cards.toml\"\n", to: "lost.toml")
      try terminal.press(.control("U"))
      try terminal.send(lost + "\r")
      try terminal.expect("cards.toml")
      #expect(!home.exists("config/mds/config.toml"))
      let given = try home.write("[contexts.lab]\nservice = \"http://127.0.0.1:9\"\n", to: "given.toml")
      try terminal.press(.control("U"))
      try terminal.send(given + "\r")
      try terminal.expect("✗ service", within: 60)
      #expect(try home.read("config/mds/config.toml") == home.read("given.toml"))
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
      try FileManager.default.removeItem(atPath: home.configuration + "/config.toml")

      let demo = try Self.open(home)
      try demo.send("1")
      try demo.expect("demo ▸ Models", within: 60)
      try demo.press(.control("C"))
      #expect(try demo.waitForExit() == .code(0))
    }
  }
}
