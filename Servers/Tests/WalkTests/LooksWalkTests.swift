import Foundation
import Frames
import PtyTesting
import Testing
import WireFixtures

/// How the screen looks and is worked, on the real workbench in a terminal.
@Suite("At the screen, an analyst", .serialized)
struct LooksWalkTests {
  /// The workbench on a service, past its first lines.
  static func opened(
    _ home: CommandHome, _ words: [String] = [], environment more: [String: String] = [:], models: Int = 4
  ) throws -> Pty {
    let terminal = try Pty(Paths.mds, words, environment: home.environment.merging(more) { $1 })
    try terminal.expect("Models \(models)")
    if terminal.screen.contains("In three lines") {
      try terminal.press(.enter)
      try terminal.wait(for: "the end of the first lines") { !$0.contains("In three lines") }
    }
    return terminal
  }

  static func leave(_ terminal: Pty) throws {
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
  }

  /// The colours that words of ours are drawn in.
  static func colours(_ screen: VirtualScreen) -> Set<Int> {
    Set(screen.cells.flatMap { $0 }.compactMap(\.look.foreground))
  }

  @Test("lists, checks and keeps themes by commands, which say the line of what is wrong")
  func commands() throws {
    try CommandHome.alone { home in
      let shipped = try home.run("themes")
      #expect(shipped.status == 0)
      for name in ["default", "dark", "light", "mono", "high-contrast", "gruvbox-dark", "solarized-light"] {
        #expect(shipped.text.contains("\n\(name) "), "\(name)")
      }
      #expect(shipped.text.contains("installed") && shipped.text.contains("built in"))
      #expect(!shipped.text.contains("\u{1B}"), "no colours where nobody sees them")
      let folder = home.configuration + "/themes"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try home.write("[roles]\nwarm = \"red\"\n", to: "config/mds/themes/mine.toml")
      try home.write("backgrounds = [\"#ffffff\"]\n[roles]\nwarn = \"214\"\n", to: "config/mds/themes/weak.toml")
      let listed = try home.run("themes", "--json")
      #expect(listed.status == 5)
      let mine = try #require(try listed.objects().first { $0["theme"] as? String == "mine" })
      #expect(mine["valid"] as? Bool == false && mine["from"] as? String == "own")
      #expect(mine["file"] as? String == folder + "/mine.toml")
      let checked = try home.run("themes", "check", folder + "/mine.toml")
      #expect(checked.status == 5)
      #expect(checked.text.contains("mine.toml:2: there is no setting \"warm\" in [roles]; did you mean warn?"))
      let weak = try home.run("themes", "check", folder + "/weak.toml")
      #expect(
        weak.status == 0 && weak.text.contains("weak.toml:3: warn has a contrast of 1.8 on #ffffff, 4.5 is needed"))
      #expect(try home.run("themes", "check").text.contains("mine.toml:2:"))

      #expect(try home.run("themes", "use", "dark").status == 0)
      #expect(try home.read("config/mds/config.toml") == "theme = \"dark\"\n")
      try home.write("# mine\ntheme = \"light\"  # for the day\nascii = true\n", to: "config/mds/config.toml")
      #expect(try home.run("themes", "use", "mono").status == 0)
      #expect(try home.read("config/mds/config.toml") == "# mine\ntheme = \"mono\"  # for the day\nascii = true\n")
      let unknown = try home.run("themes", "use", "darkk")
      #expect(unknown.status == 5 && unknown.errors.contains("Did you mean dark?"))
    }
  }

  @Test("shows a sample of each theme on a terminal, and none without colours")
  func samples() throws {
    try CommandHome.alone { home in
      let terminal = try Pty(Paths.mds, ["themes"], environment: home.environment, columns: 120, rows: 40)
      _ = try terminal.waitForExit()
      #expect(String(decoding: terminal.output, as: UTF8.self).contains("\u{1B}[0;38;5;221mwarn"))
      let plain = try Pty(
        Paths.mds, ["themes"], environment: home.environment.merging(["NO_COLOR": "1"]) { $1 }, columns: 120, rows: 40)
      _ = try plain.waitForExit()
      #expect(!plain.output.contains(0x1B))
    }
  }

  @Test("previews themes as they are moved through, and sees a file of their own as soon as it is saved")
  func themes() throws {
    try CommandHome.onService { home, service in
      let folder = home.configuration + "/themes"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try home.write("[roles]\nok = \"46/green\"\n", to: "config/mds/themes/mine.toml")
      let terminal = try Self.opened(home, ["--theme", "mine"])
      try terminal.wait(for: "the theme of one's own") { Self.colours($0) == [46] }
      try terminal.send(":theme")
      try terminal.press(.enter)
      try terminal.wait(for: "the list of themes") { $0.contains("▌ mine") }
      try terminal.send("gg")
      try terminal.wait(for: "the first theme") { $0.contains("▌ dark") && Self.colours($0).contains(114) }
      try terminal.press(.escape)
      try terminal.wait(for: "the theme from before") { Self.colours($0) == [46] }

      try home.write("[roles]\nok = \"201/red\"\n", to: "config/mds/themes/mine.toml")
      try terminal.wait(for: "the changed theme") { Self.colours($0) == [201] }
      try terminal.expect("theme mine read again")
      try home.write("[roles]\nokk = \"202/red\"\n", to: "config/mds/themes/mine.toml")
      try terminal.expect("theme mine: line 2: there is no setting")
      #expect(Self.colours(terminal.screen).contains(201))
      // As editors save: another file, moved to its place.
      try home.write("[roles]\nok = \"202/red\"\n", to: "config/mds/themes/.mine.swap")
      #expect(rename(folder + "/.mine.swap", folder + "/mine.toml") == 0)
      try terminal.wait(for: "the mended theme") { Self.colours($0).contains(202) }
      let before = terminal.received
      terminal.listen(milliseconds: 500)
      #expect(terminal.received - before <= 16, "waiting for a file costs nothing")
      try Self.leave(terminal)
    }
  }

  @Test("a configured theme that is not there keeps nobody from working: the standard one stands, and it is told")
  func missingTheme() throws {
    try CommandHome.onService { home, service in
      let settings = try home.read("config/mds/config.toml")
      try home.write("theme = \"gone\"\n" + settings, to: "config/mds/config.toml")
      let terminal = try Self.opened(home, [])
      try terminal.expect("There is no theme gone.")
      try terminal.send("gl")
      try terminal.expect("work")
      try Self.leave(terminal)
      // What is asked for by name is refused.
      let refused = try home.run("open", "--theme", "gone", "--service", service.url)
      #expect(refused.status == 5 && refused.errors.contains("There is no theme gone."))
    }
  }

  @Test("hears of a folder of themes that is made after the start, and of what is in it")
  func laterThemes() throws {
    try CommandHome.onService { home, service in
      let terminal = try Self.opened(home, ["--theme", "dark"])
      try terminal.wait(for: "the theme as shipped") { Self.colours($0).contains(114) }
      // Whole, moved to its place: a file that was there before anybody looked.
      let folder = home.scratch.path + "/themes"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try home.write("[roles]\nok = \"201/red\"\n", to: "themes/dark.toml")
      #expect(rename(folder, home.configuration + "/themes") == 0)
      try terminal.wait(for: "a theme of one's own") { Self.colours($0).contains(201) }
      try home.write("[roles]\nok = \"202/red\"\n", to: "config/mds/themes/dark.toml")
      try terminal.wait(for: "the changed theme") { Self.colours($0).contains(202) }
      // Another folder in its place.
      #expect(rename(home.configuration + "/themes", folder) == 0)
      try FileManager.default.createDirectory(
        atPath: home.configuration + "/themes", withIntermediateDirectories: true)
      try home.write("[roles]\nok = \"203/red\"\n", to: "config/mds/themes/dark.toml")
      try terminal.wait(for: "the theme of the other folder") { Self.colours($0).contains(203) }
      try Self.leave(terminal)
    }
  }

  @Test("a live list pauses while the terminal has lost the focus: nothing comes over the line, and then what changed")
  func focus() throws {
    let service = try RunningServer.service()
    let cluster = try Cluster(models: ["cargo", "wine"])
    defer {
      service.stop()
      cluster.close()
    }
    try CommandHome.alone { home in
      try home.write(
        """
        [contexts.lab]
        service = "\(service.url)"
        namespace = "lab"
        [contexts.lab.kubernetes]
        url = "\(cluster.server.base)"

        """, to: "config/mds/config.toml")
      let terminal = try Pty(Paths.mds, ["open"], environment: home.environment)
      try terminal.expect("In three lines")
      try terminal.press(.enter)
      try terminal.expect("live")
      cluster.put("models", "wine", Cluster.model("no such bucket", available: 0))
      try terminal.expect("✗ Failed")
      #expect(terminal.screen.modes.contains(1004))
      try terminal.send("\u{1B}[O")
      try terminal.wait(for: "the end of the watches") { _ in cluster.followers == 0 }
      terminal.settle(milliseconds: 500)
      let before = terminal.received
      for number in 0..<20 { cluster.put("models", "wine", Cluster.model("again \(number)", available: 0)) }
      cluster.put("models", "wine", Cluster.model())
      terminal.listen(milliseconds: 3000)
      // A minute may have begun: the clock's bytes, and no others.
      #expect(terminal.received - before <= 16)
      #expect(terminal.screen.contains("✗ Failed"))
      try terminal.send("\u{1B}[I")
      try terminal.wait(for: "what changed meanwhile") { !$0.contains("✗ Failed") }
      try Self.leave(terminal)
    }
  }

  @Test("hands any long text that is typed to $EDITOR: a text of a form, a what-if, an answer, as it does notes")
  func longTexts() throws {
    try CommandHome.onService { home, service in
      let terminal = try Self.opened(home, environment: ["EDITOR": "printf 'second\\nthird\\n' >>"])
      try terminal.openForm(of: "message-triage")
      try terminal.press(.enter)
      try terminal.send("first ")
      try terminal.expect("^X^E $EDITOR")
      try terminal.press(.control("X"), .control("E"))
      try terminal.expect("first second⏎third")
      try terminal.press(.enter)
      try terminal.send("X")
      try terminal.expect("f(x)")
      try terminal.send("w")
      try terminal.expect("⏎ ask")
      try terminal.press(.control("X"), .control("E"))
      try terminal.expect("thirdsecond⏎third")
      try terminal.press(.escape)
      try Self.leave(terminal)
    }
  }

  @Test("sees as many colours as were asked for, and none under NO_COLOR but where the command line asks for some")
  func colourCount() throws {
    try CommandHome.onService { home, service in
      for (asked, muted, wanted) in [
        ("256", false, 114), ("auto", false, 114), ("16", false, 2), ("never", false, nil), ("auto", true, nil),
        ("256", true, 114),
      ] as [(String, Bool, Int?)] {
        let terminal = try Self.opened(
          home, ["--theme", "dark", "--color", asked], environment: muted ? ["NO_COLOR": "1"] : [:])
        try terminal.expect("● Ready")
        let colours = Self.colours(terminal.screen)
        #expect(wanted.map(colours.contains) ?? colours.isEmpty, "\(asked): \(colours)")
        #expect(asked != "16" || colours.allSatisfy { $0 < 16 }, "\(colours)")
        try Self.leave(terminal)
      }
    }
  }

  @Test("finds the same keys in the list, the help, the manual, and the names that a file can give others to")
  func keysAgree() throws {
    try CommandHome.alone { home in
      #expect(try home.run("help", "keys").text == home.run("keys").text)
      let shipped = try home.run("keys", "--json").objects()
      let manual = try home.run("manual", "--format", "md").text
      var file = ""
      var screen = ""
      for (number, binding) in shipped.enumerated() {
        let (place, command) = (binding["screen"] as? String ?? "", binding["command"] as? String ?? "")
        let (keys, meaning) = (binding["keys"] as? String ?? "", binding["meaning"] as? String ?? "")
        #expect(
          manual.contains("| `\(keys)` | `\(meaning)` |") || manual.contains("| `\(keys)` | \(meaning) |"), "\(keys)")
        if place != screen { file += "[keys.\(place)]\n" }
        screen = place
        file += "\(command) = \"F\(number / 26 + 1) \(UnicodeScalar(UInt8(97 + number % 26)))\"\n"
      }
      // Every command that there is can be given other keys, all at once.
      try home.write(file, to: "config/mds/config.toml")
      let checked = try home.run("config", "check")
      #expect(checked.status == 0 && checked.text.hasSuffix("nothing is wrong\n"), "\(checked)")
      let given = try home.run("keys", "--json").objects()
      #expect(given.count == shipped.count && given.allSatisfy { ($0["keys"] as? String ?? "").hasPrefix("F") })

      try home.write("[keys.models]\ninfer = \"g\"\ndrift = \"i\"\n", to: "config/mds/config.toml")
      let noted = try home.run("config", "check")
      #expect(noted.status == 0)
      #expect(
        noted.text.contains("config.toml:2: go-outbox has no key left on models; g o was taken by infer"), "\(noted)")
      #expect(!noted.text.contains("top has no key"))
      try home.write("[keys.everywhere]\nsync = \"d\"\n", to: "config/mds/config.toml")
      #expect(try home.run("config", "check").text.contains("2: d does not reach sync on models; there it is drift's"))
      try home.write("[keys.everywhere]\nsyc = \"d\"\nquit = [\"5\", \"^L\"]\n", to: "config/mds/config.toml")
      let wrong = try home.run("config", "check")
      #expect(wrong.status == 5)
      #expect(wrong.text.contains("2: there is no command \"syc\" on everywhere; did you mean sync?"), "\(wrong)")
      #expect(wrong.text.contains("3: 5 is a count before a move") && wrong.text.contains("3: ^L always means redraw"))
    }
  }

  @Test("is told on the screen the keys that the configuration gives, and none where it gives none")
  func givenKeys() throws {
    try CommandHome.alone { home in
      try home.write(
        """
        [contexts.lab]
        service = "http://127.0.0.1:9"
        [keys.everywhere]
        reload = "F5"
        go-review = "F6"
        go-log = []

        """, to: "config/mds/config.toml")
      let terminal = try Pty(Paths.mds, ["open", "--fresh"], environment: home.environment)
      let screen = try terminal.expect("F5 asks again   F6 reviews what is here")
      #expect(!screen.contains("shows it in full") && !screen.text.contains(#/R asks again|gr reviews|gl /#))
      try terminal.press(.function(6))
      try terminal.expect("gm goes to the models")
      try Self.leave(terminal)
    }
  }

  @Test("has no mouse until F12: until then no byte of it is written")
  func mouse() throws {
    try CommandHome.onService { home, service in
      let terminal = try Self.opened(home)
      try terminal.send("go")
      try terminal.expect("Not archived")
      try terminal.send("gm")
      try terminal.expect("Models 4")
      let output = String(decoding: terminal.output, as: UTF8.self)
      for mode in ["1000", "1002", "1003", "1006"] { #expect(!output.contains("[?\(mode)"), "\(mode)") }
      try terminal.press(.function(12))
      try terminal.expect("mouse on:")
      try terminal.wait(for: "the mouse's modes") { $0.modes.isSuperset(of: [1000, 1006]) }
      #expect(terminal.screen.modes.isDisjoint(with: [1002, 1003]))
      let row = try #require(terminal.screen.lines.firstIndex { $0.hasPrefix("▌") })
      let step =
        terminal.screen.lines[row + 1].hasPrefix("  ") && !terminal.screen.lines[row + 1].hasSuffix("─") ? 1 : -1
      let place = "\(8);\(row + step + 1)"
      try terminal.send("\u{1B}[<0;\(place)M\u{1B}[<0;\(place)m")
      try terminal.wait(for: "the clicked row") { $0.lines[row + step].hasPrefix("▌") }
      try terminal.send("\u{1B}[<0;\(place)M\u{1B}[<0;\(place)m")
      try terminal.expect("▸ Infer")
      try terminal.send("q")
      try terminal.expect("Models 4")
      try terminal.press(.function(12))
      try terminal.wait(for: "the mouse's end") { $0.modes.isDisjoint(with: [1000, 1006]) }
      // The focus comes and goes without a trace.
      let screen = terminal.screen.text
      try terminal.send("\u{1B}[O\u{1B}[I")
      try terminal.send("j")
      try terminal.wait(for: "the next key") { $0.text != screen }
      #expect(terminal.screen.strangers.isEmpty, "\(terminal.screen.strangers)")
      try Self.leave(terminal)
    }
  }
}
