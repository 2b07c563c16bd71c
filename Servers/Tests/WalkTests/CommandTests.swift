import Foundation
import PtyTesting
import Testing
import WireFixtures

/// The command line on a real service: text, JSON, exit statuses, and what it does with bad input.
@Suite("The command line", .serialized)
struct CommandTests {
  static let wine = Paths.repository + "/fixtures/records/wine.jsonl"

  // MARK: Without a service

  @Test("helps and completes without a network, a configuration or a terminal")
  func help() throws {
    try CommandHome.alone { home in
      let bare = ["TERM": "", "HOME": "/nonexistent", "http_proxy": "http://127.0.0.1:1"]
      let all = try home.run("--help", environment: bare)
      #expect(all.status == 0)
      for name in [
        "open", "demo", "models", "infer", "explain", "drift", "cases", "case", "feedback", "connect", "sync", "ledger",
        "config", "doctor", "keys", "completions",
      ] {
        #expect(all.text.contains("  \(name)"), "\(name) is not in the help")
        let help = try home.run(name, "--help", environment: bare)
        #expect(help.status == 0 && help.text.contains("USAGE: mds \(name)"), "\(name): \(help)")
      }
      for shell in ["bash", "zsh", "fish"] {
        let script = try home.run("completions", shell, environment: bare)
        #expect(script.status == 0 && script.text.contains("doctor") && script.errors.isEmpty)
      }
      #expect(try home.run("--version").text == "mds 0.1\n")
      #expect(!home.exists("data"))
    }
  }

  @Test("refuses words that it does not know with 2, and says what may be meant")
  func usage() throws {
    try CommandHome.alone { home in
      let word = try home.run("nodels")
      #expect(word.status == 2 && word.errors.contains("Did you mean models?"))
      let option = try home.run("models", "--jsn")
      #expect(option.status == 2 && option.errors.contains("Did you mean '--json'?"))
      #expect(try home.run("infer", "wine").status == 2)
      #expect(try home.run("infer", "wine", "--input", "x", "--resume").status == 2)
      #expect(try home.run("explain").status == 2)
      #expect(try home.run("cases", "import", "x", "--at", "noon").status == 2)
      #expect(try home.run("drift", "wine", "--width", "2h").status == 2)
    }
  }

  @Test("without a configuration says how to begin, names the demo, and leaves nothing behind")
  func noConfiguration() throws {
    try CommandHome.alone { home in
      for words in [["models"], ["cases", "list"], ["ledger"], []] {
        let run = try home.run(words)
        #expect(run.status == 5, "\(words)")
        #expect(run.errors.contains("There is no context yet"))
        #expect(run.errors.contains("`mds demo`"))
        #expect(run.text.isEmpty)
      }
      #expect(!home.exists("data"))
      let doctor = try home.run("doctor")
      #expect(doctor.status == 0)
      #expect(doctor.text.contains("warn  config      there is no"))
    }
  }

  @Test("says the line of what is wrong in the configuration, and works on nothing")
  func wrongConfiguration() throws {
    try CommandHome.alone { home in
      let path = home.configuration + "/config.toml"
      try home.write(
        "them = \"light\"\n\n[contexts.lab]\nservise = \"http://127.0.0.1:1\"\n", to: "config/mds/config.toml")
      let models = try home.run("models")
      #expect(models.status == 5)
      #expect(models.errors.contains("\(path):1: there is no setting \"them\" in the file; did you mean theme?"))
      let check = try home.run("config", "check")
      #expect(check.status == 5)
      #expect(
        check.text.contains("\(path):4: there is no setting \"servise\" in [contexts.lab]; did you mean service?"))
      #expect(try home.run("doctor").status == 1)
      #expect(try home.run("config", "path").text == path + "\n")
    }
  }

  @Test("chooses contexts by option, environment and file, and keeps the rest of the file")
  func contexts() throws {
    try CommandHome.alone { home in
      let file = """
        # mine
        current-context = "one" # for now

        [contexts.one]
        service = "http://127.0.0.1:1"
        [contexts.two]
        service = "http://127.0.0.1:2"
        analyst = "ana"
        ledger = "two.sqlite"

        """
      try home.write(file, to: "config/mds/config.toml")
      #expect(try home.run("ledger").text.contains("/data/mds/one.sqlite"))
      #expect(try home.run("ledger", "--context", "two").text.contains("/config/mds/two.sqlite"))
      let environment = ["MDS_CONTEXT": "two"]
      #expect(try home.run("ledger", environment: environment).text.contains("two.sqlite"))
      #expect(try home.run("ledger", "--context", "one", environment: environment).text.contains("one.sqlite"))
      let unknown = try home.run("ledger", "--context", "twoo")
      #expect(unknown.status == 5 && unknown.errors.contains("Did you mean two?"))
      #expect(try home.run("ledger", "--context", "../x").status == 5)

      #expect(try home.run("config", "use", "two").status == 0)
      #expect(
        try home.read("config/mds/config.toml")
          == file.replacing("current-context = \"one\"", with: "current-context = \"two\""))
      #expect(try home.run("config", "use", "three").status == 5)
      let shown = try home.run("config", "show", "--json").objects()
      #expect(shown.map { $0["context"] as? String } == ["one", "two"])
      #expect(shown.map { $0["current"] as? Bool } == [false, true])
      #expect(try home.run("config").text.contains("*  two"))
      #expect(try home.run("config", "check").status == 0)
    }
  }

  @Test("prints an example that is a right configuration")
  func example() throws {
    try CommandHome.alone { home in
      let example = try home.run("config", "example").text
      let path = try home.write(example, to: "example.toml")
      #expect(try home.run("config", "check", path).status == 0)
      // And with every comment that holds a setting taken for one.
      let open = example.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
        let plain = line.hasPrefix("# ") ? String(line.dropFirst(2)) : String(line)
        let isSetting = plain.firstMatch(of: /^(\[[a-z.]+\]|[a-z_-]+ = )/) != nil
        return isSetting ? plain : String(line)
      }.joined(separator: "\n")
      let opened = try home.write(open, to: "open.toml")
      // The file that it names beside it.
      try home.write("", to: "lab-catalogue.toml")
      let check = try home.run("config", "check", opened)
      #expect(check.status == 0, "\(check.text)\(open)")
    }
  }

  @Test("never uses a token file that others can read, and never shows a token")
  func credentials() throws {
    try CommandHome.onService { home, service in
      try home.write("hunter2\n", to: "config/mds/token")
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: home.configuration + "/token")
      try home.write(
        "[contexts.lab.service]\nurl = \"\(service.url)\"\ntoken_file = \"token\"\n", to: "config/mds/config.toml")
      let models = try home.run("models")
      #expect(models.status == 1)
      #expect(models.errors.contains("chmod 600"))
      #expect(try home.run("doctor").status == 1)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: home.configuration + "/token")
      #expect(try home.run("models").status == 0)
      for words in [["config", "show"], ["config", "show", "--json"], ["doctor"]] {
        let run = try home.run(words)
        #expect(!(run.text + run.errors).contains("hunter2"))
      }
    }
  }

  @Test("lists the keys in force, and writes the manual that is kept in docs")
  func keysAndManual() throws {
    try CommandHome.alone { home in
      #expect(try home.run("keys").text.contains("Move down one row"))
      let standard = try home.run("keys", "--json").objects()
      #expect(standard.contains { $0["command"] as? String == "agree" && $0["screen"] as? String == "case" })
      try home.write("[keys.case]\nagree = [\"y\", \"g a\"]\n", to: "config/mds/config.toml")
      #expect(try home.run("keys", "--names").text.contains("  y ga "))
      for (form, name) in [("man", "mds.1"), ("md", "manual.md")] {
        let kept = try String(contentsOfFile: Paths.repository + "/docs/" + name, encoding: .utf8)
        #expect(try home.run("manual", "--format", form).text == kept, "make docs writes docs/\(name) anew")
      }
    }
  }

  // MARK: On a service

  @Test("lists models and shows the fields of one, as text and as JSON")
  func models() throws {
    try CommandHome.onService { home, _ in
      let text = try home.run("models")
      #expect(text.status == 0 && text.errors.isEmpty)
      let lines = text.text.split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines[0].split(separator: " ") == ["NAME", "VER", "STATE", "PLATFORM", "EXPLAIN", "DRIFT", "OUTLIER"])
      #expect(
        lines[4].split(separator: " ") == ["wine", "2", "Ready", "xgboost", "wine-shap", "wine-drift", "wine-outlier"])
      let objects = try home.run("models", "--json").objects()
      // Explainers and detectors are lines of their own, behind whom they serve.
      #expect(
        objects.filter { $0["role"] as? String == "predictor" }.map { $0["name"] as? String }
          == ["cargo", "digits", "message-triage", "wine"])
      #expect(objects.contains { $0["name"] as? String == "wine-drift" })
      let wine = try #require(try home.run("models", "wine", "--json").objects().first)
      #expect((wine["fields"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == WineForm.names)
      #expect(try home.run("models", "wine").text.contains("magnesium                     FP64  mg/l   70–162"))
      let unknown = try home.run("models", "wne")
      #expect(unknown.status == 5 && unknown.errors.contains("Did you mean wine?"))
      #expect(!text.text.contains("\u{1B}"))
    }
  }

  @Test("explains a record and a case: the shares add up to f(x)")
  func explain() throws {
    try CommandHome.onService { home, _ in
      let lines = try String(contentsOfFile: Self.wine, encoding: .utf8).split(separator: "\n").prefix(2)
      let input = try home.write(lines.joined(separator: "\n"), to: "two.jsonl")
      let explained = try home.run("explain", "wine", "--input", input, "--json").objects()
      #expect(explained.count == 2)
      for object in explained {
        let explanation = try #require((object["explanations"] as? [[String: Any]])?.first)
        let content = try #require(explanation["attributions"] as? [String: Any])
        let classes = try #require(content["classes"] as? [[String: Any]])
        #expect(classes.count == 3)
        for share in classes {
          let shares = try #require(share["shares"] as? [Double])
          let base = try #require(share["base"] as? Double)
          let output = try #require(share["output"] as? Double)
          #expect(abs(shares.reduce(base, +) - output) < 1e-5)
        }
      }
      let number = try #require(explained[0]["number"] as? Int)
      let text = try home.run("explain", "--case", "\(number)")
      #expect(text.status == 0 && text.text.contains("Tree SHAP"))
      #expect(try home.run("explain", "--case", "999").status == 5)
    }
  }

  @Test("ends for the records of a file that nothing explained as it does for such a case")
  func unexplained() throws {
    let service = try ScriptedServer(script: { request, send in
      if request.line.contains("/repository/index") {
        let models = ["m", "m-shap"].map { #"{"name":"\#($0)","version":"1","state":"READY","reason":""}"# }
        return send(ScriptedServer.response("[\(models.joined(separator: ","))]"))
      }
      if request.line.contains("m-shap"), request.line.hasPrefix("POST") {
        return send(ScriptedServer.response(#"{"error":"it explains nothing"}"#, status: 500))
      }
      let output = #""name":"y","datatype":"FP32","shape""#
      return send(
        ScriptedServer.response(
          request.line.hasPrefix("POST")
            ? #"{"model_name":"m","outputs":[{\#(output):[1,1],"data":[0.625]}]}"#
            : #"{"name":"m","platform":"","inputs":[{"name":"x","datatype":"FP32","shape":[-1,1]}],"#
              + #""outputs":[{\#(output):[-1,1]}]}"#))
    })
    defer { service.close() }
    try CommandHome.alone { home in
      try home.configure(service.base)
      let input = try home.write("{\"x\":1}\n{\"x\":2}\n", to: "two.jsonl")
      let file = try home.run("explain", "m", "--input", input)
      #expect(file.errors.contains("0 rows explained, 2 without an explanation."), "\(file)")
      let case1 = try home.run("explain", "--case", "1")
      #expect(file.status == case1.status && file.status == 1, "\(case1)")
      let mixed = try home.write("{\"x\":1}\n{\"y\":2}\n", to: "mixed.jsonl")
      #expect(try home.run("explain", "m", "--input", mixed).status == 5)
    }
  }

  @Test("shows drift by window and feature, with method, correction and counts")
  func drift() throws {
    try CommandHome.onService { home, _ in
      #expect(try home.run("infer", "wine", "--input", Self.wine, "--output", home.scratch.path + "/w").status == 0)
      let windows = try home.run("drift", "wine", "--width", "1d", "--json").objects()
      let newest = try #require(windows.last)
      let result = try #require(newest["result"] as? [String: Any])
      #expect(result["method"] as? String == "TabularDrift")
      #expect((result["features"] as? [Any])?.count == 13)
      let text = try home.run("drift", "wine", "--width", "1d")
      #expect(text.status == 0 && text.text.contains("TabularDrift, Bonferroni"))
      #expect(text.text.contains("FEATURE"))
      // A small p is a digit and its power of ten, rounded; no column has the digits that a Double needs.
      let features = try #require(result["features"] as? [[String: Any]])
      let values = features.compactMap { $0["p"] as? Double }
      #expect(values.count == 13)
      for value in values where value > 0 && value < 0.001 {
        let digits = String(format: "%.0e", value).replacing("e-0", with: "e-")
        #expect(text.text.contains(" \(digits)"), "\(value) is \(digits)")
      }
      let none = try home.run("drift", "cargo")
      #expect(none.status == 0 && none.text.contains("no window has 30 cases yet"))
    }
  }

  @Test("gives a case for a report, with nothing of its text taken for Markdown or for the terminal's")
  func report() throws {
    try CommandHome.onService { home, _ in
      let text = #"{"text": "| *urgent* <b>\u001b[2J\u202e `x` see [me](http://x)"}"#
      let input = try home.write(text, to: "m.jsonl")
      #expect(try home.run("infer", "message-triage", "--input", input).status == 0)
      let markdown = try home.run("case", "show", "1", "--format", "md")
      #expect(markdown.status == 0 && markdown.text.hasPrefix("# Case 1 "))
      #expect(markdown.text.contains("\\| \\*urgent\\* \\<b\\>"))
      let plain = try home.run("case", "show", "1")
      for run in [markdown, plain] {
        #expect(!run.text.contains("\u{1B}") && !run.text.contains("\u{202E}"))
      }
      let json = try home.run("case", "show", "1", "--format", "json").objects()
      #expect(json.count == 1 && json[0]["model"] as? String == "message-triage")
      #expect(try home.run("case", "show", "77").status == 5)
    }
  }

  @Test("with the service down ends with 3 where it is needed, and works where it is not")
  func serviceDown() throws {
    try CommandHome.onService { home, service in
      #expect(
        try home.run("infer", "wine", "--input", Self.wine, "--output", home.scratch.path + "/w.jsonl").status == 0)
      service.stop()
      for words in [
        ["models"], ["infer", "wine", "--input", Self.wine], ["explain", "wine", "--input", Self.wine],
        ["explain", "--case", "1"],
      ] {
        let run = try home.run(words)
        #expect(run.status == 3, "\(words): \(run)")
        #expect(run.errors.contains("refused the connection") && run.text.isEmpty)
      }
      for words in [
        ["cases", "list"], ["case", "show", "1"], ["ledger"], ["ledger", "verify"], ["feedback", "list"],
        ["cases", "import", home.scratch.path + "/w.jsonl"],
      ] {
        #expect(try home.run(words).status == 0, "\(words)")
      }
      let doctor = try home.run("doctor", "--json")
      #expect(doctor.status == 1)
      let finding = try doctor.objects().first { $0["subject"] as? String == "service" }
      #expect(finding?["state"] as? String == "bad")
    }
  }

  @Test("ends as SIGPIPE would have ended it when nobody reads on, without a word")
  func closedPipe() throws {
    try CommandHome.onService { home, _ in
      let scored = try home.run("infer", "wine", "--input", Self.wine, "--output", home.scratch.path + "/w")
      #expect(scored.status == 0)
      #expect(try home.runUnread("cases", "list", "--json") == 141)
      #expect(try home.runUnread("infer", "wine", "--input", Self.wine) == 141)
      #expect(try home.runUnread("keys") == 141)
    }
  }

  @Test("looks after the ledger: what it holds, whether it is whole, a copy that is another ledger")
  func ledger() throws {
    try CommandHome.onService { home, _ in
      #expect(try home.run("infer", "wine", "--input", Self.wine, "--output", home.scratch.path + "/w").status == 0)
      let report = try #require(try home.run("ledger", "--json").objects().first)
      #expect(report["cases"] as? Int == WineForm.count)
      #expect(report["path"] as? String == home.scratch.path + "/data/mds/lab.sqlite")
      let copy = home.scratch.path + "/copy.sqlite"
      #expect(try home.run("ledger", "backup", copy).status == 0)
      #expect(try home.run("ledger", "backup", copy).status == 5)
      let other = try #require(try home.run("ledger", "--json", "--ledger", copy).objects().first)
      #expect(other["cases"] as? Int == WineForm.count)
      #expect(try home.run("ledger", "verify").text.hasPrefix("every chain is whole"))
      let restored = try home.run("ledger", "restore", copy)
      let path = home.scratch.path + "/data/mds/lab.sqlite"
      #expect(restored.errors == "restored \(path); the old ledger is \(path).replaced\n" && restored.status == 0)
      #expect(try home.run("ledger", "restore", home.scratch.path + "/none").status != 0)
      let moved = try home.run("ledger", "move", home.scratch.path + "/elsewhere.sqlite")
      #expect(moved.errors.contains("the old file is \(path).moved") && moved.status == 0, "\(moved)")
      #expect(try home.read("config/mds/config.toml").contains("ledger = \"\(home.scratch.path)/elsewhere.sqlite\""))
      let there = try #require(try home.run("ledger", "--json").objects().first)
      #expect(there["path"] as? String == home.scratch.path + "/elsewhere.sqlite")
      #expect(there["cases"] as? Int == WineForm.count)
      #expect(try home.run("ledger", "purge").text == "0 events purged, 0 bytes given back\n")
      #expect(try home.run("ledger", "purge", "--days", "-1").status != 0)
      let doctor = try home.run("doctor")
      #expect(doctor.status == 0)
      for word in [
        "terminal", "characters", "config", "context", "ledger", "disk", "service", "models", "clock", "collector",
      ] {
        #expect(doctor.text.contains("  \(word) "), "\(word) is not in\n\(doctor.text)")
      }
    }
  }

  @Test("opens the workbench on the current context, with the user's keys, theme, banner and way to save")
  func workbench() throws {
    try CommandHome.onService { home, service in
      try home.write(
        """
        theme = "high-contrast"
        banner = "NOT FOR RELEASE"
        [review]
        save = "on-verdict"
        [contexts.field]
        service = "\(service.url)"
        [keys.everywhere]
        quit = "g q"
        """, to: "config/mds/config.toml")
      #expect(try home.run("infer", "wine", "--input", Self.wine, "--output", home.scratch.path + "/w").status == 0)
      let reports = [
        ["case", "show", "1"], ["cases", "list"], ["cases", "search", "wine"], ["feedback", "list"],
        ["feedback", "stats"], ["feedback", "show", "1"], ["inbox"], ["drift", "wine"],
      ]
      for words in reports {
        let text = try home.run(words).text
        #expect(text.hasPrefix("NOT FOR RELEASE\n") && text.hasSuffix("\nNOT FOR RELEASE\n"), "\(words): \(text)")
      }
      #expect(try !home.run("cases", "list", "--json").text.contains("NOT FOR RELEASE"))
      let beside = ["codebook.md", "card.md", "rows.jsonl"].map { home.scratch.path + "/" + $0 }
      let export = ["feedback", "export", "--codebook", beside[0], "--card", beside[1], "--output", beside[2]]
      #expect(try home.run(export).status == 0)
      for path in beside.prefix(2) {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("NOT FOR RELEASE\n") && text.hasSuffix("\nNOT FOR RELEASE\n"), "\(path)")
      }
      #expect(try !String(contentsOfFile: beside[2], encoding: .utf8).contains("NOT FOR RELEASE"))
      let terminal = try Pty(Paths.mds, [], environment: home.environment)
      try terminal.expect("Models 4")
      let screen = try terminal.expect(" mds  field ▸ Models")
      let lines = screen.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.first?.contains("NOT FOR RELEASE") == true)
      #expect(lines.filter { $0.contains("NOT FOR RELEASE") }.count == 2)
      try terminal.send("gr")
      try terminal.expect("Queue 40")
      try terminal.send("a")
      try terminal.expect("saved #4")
      try terminal.send("gq")
      #expect(try terminal.waitForExit() == .code(0))
      #expect(try home.run("feedback", "list").text.contains("agree"))
    }
  }
}
