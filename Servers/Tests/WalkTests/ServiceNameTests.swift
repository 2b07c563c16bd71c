import Foundation
import PtyTesting
import Testing

/// What analysts' contexts are called is their own business: the real programs, a real collector.
@Suite("A service's name", .serialized)
struct ServiceNameTests {
  @Test("that the collector gives makes one case of a record at analysts whose contexts are named differently")
  func agreed() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector(["--service-name", "income lab"])
    let ana = try lab.desk("ana", at: collector)
    let brent = try lab.desk("brent", context: "elsewhere", at: collector)
    // Their records were scored before they were enrolled; nobody had judged them.
    for desk in [ana, brent] {
      try desk.judge(1)
      #expect(try desk.mds(["sync"]).status == 0)
    }
    let cases = try [ana, brent].map { desk in
      try CommandRun.objects(of: desk.mds(["cases", "list", "--json", "--limit", "1000"]).text)
        .compactMap { $0["case"] as? String }
    }
    #expect(cases[0].count > 30 && Set(cases[0]) == Set(cases[1]))
    let rows = try CommandRun.objects(of: lab.mdsCollector(["export", "--format", "jsonl"]).text)
    #expect(rows.map { $0["service"] as? String } == ["income lab", "income lab"])
    #expect(rows.allSatisfy { cases[0].contains($0["case_id"] as? String ?? "") })
  }

  @Test("is told on connecting, also where the configuration has another one")
  func told() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector(["--service-name", "income lab"])
    try CommandHome.alone { home in
      let settings = "[contexts.mine]\nservice = \"\(lab.service.url)\"\n"
      try home.write(settings, to: "config/mds/config.toml")
      let made = try lab.mdsCollector(["token", "create", "--analyst", "ana", "--device", "desk"])
      let token = try home.write(made.text, to: "ana.token")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
      let connected = try home.run("connect", collector.url, "--token-file", token)
      #expect(connected.text.contains("a case is named for the service income lab from now on"), "\(connected)")
      try home.write(settings + "service_name = \"mine alone\"\n", to: "config/mds/config.toml")
      let again = try home.run("connect", collector.url, "--token-file", token)
      #expect(
        again.text.contains("the configuration calls the service mine alone, the collector income lab"), "\(again)")
    }
  }
}
