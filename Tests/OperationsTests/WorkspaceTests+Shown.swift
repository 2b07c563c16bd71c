import Domain
import Feedback
import Ledger
import Synchronization
import Testing
import Workbench

@testable import Operations

extension WorkspaceTests {
  @Test("what is recorded as seen is what was on screen, whatever another program asked the service meanwhile")
  func seenAsShown() async throws {
    try await withWorkspace { workspace, item, _ in
      var other = item
      other.prediction.answer = .value(99)
      let changed = other
      try await workspace.onLedger { ledger throws(LedgerError) in
        _ = try ledger.store([changed], service: "desk", context: "desk")
      }
      #expect(try await workspace.case(item.id)?.prediction.answer == .value(99))
      _ = try await workspace.reveal(Reveal(caseID: item.id, shown: item, timing: JudgementBody.Timing()))
      var commit = commit(.agree, on: item)
      commit.shown = item
      _ = try await workspace.commit(commit)
      let views = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .seen).map { try? $0.decoded().payload }
      }
      #expect(!views.isEmpty)
      for view in views {
        guard case .seen(let seen) = view else { continue }
        #expect(seen.output.answer == item.prediction.answer)
      }
      #expect(try await workspace.case(item.id)?.prediction.answer == item.prediction.answer)
      #expect(
        try await workspace.onLedger { ledger throws(LedgerError) in
          try ledger.store([changed], service: "desk", context: "desk")[0].number
        } == 0)
    }
  }

  @Test("a case is of the version that answered, where versions are told apart")
  func answeringVersion() async throws {
    try await withWorkspace { workspace, item, _ in
      func made(asked: RawText?, answered: RawText?) -> RawText? {
        var prediction = item.prediction
        prediction.model.version = answered
        return workspace.newCase(
          item.record, sourceID: "", prediction, of: ModelID("m", version: asked), at: item.at
        ).model.version
      }
      #expect(made(asked: "1", answered: "7") == "7")
      #expect(made(asked: "1", answered: nil) == "1")
      #expect(made(asked: nil, answered: "7") == nil)
    }
  }

  @Test("a version that nobody described has no names of fields, whatever the listed one calls them")
  func otherVersionsNames() async throws {
    try await withWorkspace { workspace, item, _ in
      let listed = ModelID("wine", version: "2")
      let signature = Signature(
        inputs: [
          TensorSpec(name: "x", datatype: .fp64, shape: [-1, 1], parameters: [.init("feature_names", ["gain"])])
        ],
        outputs: [])
      workspace.knownModels.withLock { known in
        known.list([Model(id: listed, state: .ready, signature: signature)], at: Self.now)
      }
      #expect(workspace.knownSignature(of: listed) == signature)
      let content = try await workspace.content(of: item.id)
      #expect(content.signature == nil)
    }
  }

  @Test("a colleague who agreed with another answer is told with that, and one who agreed with this one is not")
  func agreedWithAnother() async throws {
    try await withWorkspace { workspace, item, path in
      let answer = item.prediction.label
      let theirs = try Ledger(path: path + ".others")
      var said: [Event] = []
      for (analyst, label) in [("bea", "another"), ("cleo", answer)] as [(RawText, RawText)] {
        let stamp = Stamp(at: Self.now, analyst: analyst)
        let stream = try theirs.stream(for: RawText("\(analyst)"), stamp: stamp)
        let output = SeenOutput(answer: .classes([ClassScore(label: label, probability: 1)], chosen: 0))
        let seen = Seen(record: .none, model: item.model, output: output)
        said += try theirs.append([EventBody(stamp: stamp, caseID: item.id, payload: .seen(seen))], to: stream.id)
        said += try theirs.append(
          [
            EventBody(
              stamp: stamp, caseID: item.id, references: said.last.map { [EventReference(.seen, $0)] } ?? [],
              payload: .judgement(JudgementBody(Judgement(verdict: .agree))))
          ], to: stream.id)
      }
      try theirs.close()
      let events = said
      try await workspace.onLedger { ledger throws(LedgerError) in _ = try ledger.importEvents(events, context: "desk")
      }
      let told = try await workspace.content(of: item.id).case.judgements.sorted { $0.analyst < $1.analyst }
      #expect(told.map(\.analyst) == ["bea", "cleo"])
      #expect(told.map(\.judgement) == [Judgement(verdict: .agree, label: "another"), Judgement(verdict: .agree)])
    }
  }

  @Test("the fields are recorded as they were called on screen")
  func namesAsShown() async throws {
    try await withWorkspace { workspace, item, _ in
      func signature(_ name: String) -> Signature {
        Signature(
          inputs: [
            TensorSpec(name: "x", datatype: .fp64, shape: [-1, 1], parameters: [.init("feature_names", [.text(name)])])
          ], outputs: [])
      }
      workspace.knownModels.withLock { known in
        known.list([Model(id: item.model, state: .ready, signature: signature("later"))], at: Self.now)
      }
      var commit = commit(.agree, on: item)
      commit.shown = item
      commit.signature = signature("shown")
      _ = try await workspace.commit(commit)
      let timing = JudgementBody.Timing()
      _ = try await workspace.reveal(
        Reveal(caseID: item.id, shown: item, signature: signature("shown"), timing: timing))
      let views = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .seen).map { try? $0.decoded().payload }
      }
      #expect(!views.isEmpty)
      for case .seen(let seen)? in views { #expect(seen.fields.map(\.name) == ["shown"]) }
      // A what-if is of the field that was on screen, or of none.
      let order = ProbeOrder(caseID: item.id, field: 0, name: "shown", value: .number(2), number: 1)
      let problem = await #expect(throws: Problem.self) { try await workspace.probe(order) }
      #expect(problem?.summary.hasPrefix("The model describes its fields otherwise by now") == true)
    }
  }
}
