import Foundation
import Glibc
import Testing

/// Files that are where nobody meant them to be, belong to somebody else, or cannot be written.
@Suite("What is not in its place") struct WrongPlaceTests {
  @Test("without HOME the account's own folder is the home, never a place that others write to") func noHome() throws {
    try CommandHome.alone { home in
      let account = try #require(getpwuid(getuid())?.pointee.pw_dir)
      for named in ["", "relative/home"] {
        let run = try home.run("config", "path", environment: ["HOME": named, "XDG_CONFIG_HOME": ""])
        #expect(run.text == String(cString: account) + "/.config/mds/config.toml\n", "\(run)")
      }
    }
  }

  @Test("a configuration that belongs to somebody else is not obeyed", .enabled(if: geteuid() == 0))
  func anothersConfiguration() throws {
    try CommandHome.alone { home in
      let mark = home.scratch.path + "/obeyed"
      let path = try home.write(
        """
        [contexts.lab.service]
        url = "http://127.0.0.1:1"
        token_command = ["touch", "\(mark)"]
        """, to: "config/mds/config.toml")
      #expect(try home.run("models").status != 0)
      #expect(home.exists("obeyed"))
      unlink(mark)
      #expect(chown(path, 12_345, 12_345) == 0)
      let run = try home.run("models")
      #expect(run.status == 5 && run.errors.contains("belongs to somebody else"), "\(run)")
      #expect(!home.exists("obeyed"))
    }
  }

  @Test("a ledger is not moved where the configuration could not say so") func ledgerStays() throws {
    try CommandHome.onService { home, _ in
      let wine = Paths.repository + "/fixtures/records/wine.jsonl"
      #expect(try home.run("infer", "wine", "--input", wine, "--output", home.scratch.path + "/o").status == 0)
      let before = try home.run("ledger", "--json").objects().first?["cases"] as? Int
      // What stands in the way of writing the file anew, also of an account that may write everything.
      try FileManager.default.createDirectory(
        atPath: home.configuration + "/config.toml.partial/x", withIntermediateDirectories: true)
      let run = try home.run("ledger", "move", home.scratch.path + "/new.sqlite")
      #expect(run.status != 0 && run.errors.contains("config.toml cannot be written"), "\(run)")
      #expect(!home.exists("new.sqlite") && home.exists("data/mds/lab.sqlite"))
      #expect(try home.run("ledger", "--json").objects().first?["cases"] as? Int == before)
    }
  }

  @Test("a context that the file has not begins no ledger, also where MDS_SERVICE names a service") func mistyped()
    throws
  {
    try CommandHome.onService { home, service in
      let run = try home.run("cases", "list", "--context", "lba", environment: ["MDS_SERVICE": service.url])
      #expect(run.status == 5 && run.errors.contains("There is no context lba"), "\(run)")
      #expect(!home.exists("data/mds/lba.sqlite"))
      #expect(try home.run("cases", "list", "--context", "mine", "--service", service.url).status == 0)
      #expect(home.exists("data/mds/mine.sqlite"))
    }
  }

  @Test("numbers beyond all bounds are refused as words") func bounds() throws {
    try CommandHome.onService { home, _ in
      for words in [
        ["ledger", "purge", "--days", "200000000"], ["cases", "search", "x", "--limit", "9223372036854775807"],
      ] {
        let run = try home.run(words)
        #expect(run.status == 2 && run.errors.contains("is a number from"), "\(words)\n\(run)")
      }
    }
  }

  @Test("what standard error does not take ends no work, what standard output does not take is told") func full() throws
  {
    try CommandHome.onService { home, _ in
      let header = WineForm.header
      let input = try home.write("\(header)\n\(WineForm.values)\nbad\n\(WineForm.values)\n", to: "i.csv")
      let output = home.scratch.path + "/o.jsonl"
      let shell = try home.shell("'\(Paths.mds)' infer wine --input '\(input)' --output '\(output)' 2>/dev/full")
      #expect(shell == 5)
      #expect(try CommandRun.objects(of: home.read("o.jsonl")).count == 2)
      for words in ["feedback show 1", "sync --json", "connect http://127.0.0.1:1 --json", "cases list"] {
        #expect(try home.shell("'\(Paths.mds)' \(words) >/dev/full 2>/dev/null") != 0, "\(words)")
      }
    }
  }

  @Test("doctor tells a token that is not in force, one that is gone, and what is no collector") func token() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let desk = try lab.desk("ana", at: collector)
    #expect(try desk.mds(["doctor"]).text.contains("answers, and knows the token"))
    #expect(try lab.mdsCollector(["token", "revoke", "1"]).status == 0)
    let revoked = try desk.mds(["doctor"])
    #expect(revoked.status == 1 && revoked.text.contains("does not accept the token: 401"), "\(revoked)")
    #expect(revoked.text.contains("nothing waits") || revoked.text.contains("waiting"))
  }
}
