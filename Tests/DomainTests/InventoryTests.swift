import Domain
import Testing

@Suite("An inventory")
struct InventoryTests {
  static func model(
    _ name: RawText, _ state: ModelState = .ready, reason: RawText = "", requirements: [RawText] = ["sklearn"],
    explains: ExplainedBy? = nil, namespace: RawText = "lab"
  ) -> DeployedModel {
    DeployedModel(
      name: name, namespace: namespace,
      versions: [
        DeployedVersion(name: "1", state: state, reason: reason, replicas: ReplicaCount(desired: 2, available: 1))
      ], requirements: requirements, storage: "gs://bucket", explains: explains)
  }

  static let pipeline = Pipeline(
    name: "choice", namespace: "lab", versions: [DeployedVersion(name: "3", state: .ready)],
    steps: [
      .init(name: "mul10", inputs: ["choice.inputs.INPUT"], triggers: ["is-one.outputs.choice"]),
      .init(name: "is-one"), .init(name: "sum", inputs: ["mul10.outputs", "is-one"], inputsJoin: .any),
      .init(name: "watch", batch: 20),
    ], output: ["sum.outputs"])

  @Test("joins two sources: the scheduler acts, Kubernetes fills in, and what only one tells stays")
  func joined() {
    var other = Self.model("a", .failed, reason: "ModelReady: no room")
    other.versions[0].name = ""
    let scheduler = Inventory(
      models: [Self.model("a", .failed), Self.model("b", namespace: "")],
      experiments: [Experiment(name: "ab", state: .degraded, isActive: true)])
    let kubernetes = Inventory(
      models: [other, Self.model("b"), Self.model("b", namespace: "other"), Self.model("c")],
      experiments: [
        Experiment(
          name: "ab", namespace: "lab", state: .failed, reason: "b is not ready", standard: "a",
          candidates: [.init(name: "a", weight: 70), .init(name: "b", weight: 30)])
      ],
      scales: [ScaleRow(name: "s", namespace: "lab", targetKind: "Model", target: "c")])
    let whole = Inventory(scheduler: scheduler, kubernetes: kubernetes)
    #expect(whole.models.map(\.name) == ["a", "b", "b", "c"])
    #expect(whole.models.map(\.namespace) == ["lab", "lab", "other", "lab"])
    #expect(whole.models[0].versions.map(\.name) == ["1"])
    #expect(whole.models[0].versions[0].reason == "ModelReady: no room")
    #expect(whole.experiments[0].state == .degraded && whole.experiments[0].reason == "b is not ready")
    #expect(whole.experiments[0].candidates.map { whole.experiments[0].percent(of: $0) } == [70, 30])
    #expect(whole.scales[0].current == 1)
  }

  @Test("gives every explainer and detector its role by what is said, by names only where nothing is")
  func roles() {
    let inventory = Inventory(
      models: [
        Self.model("wine"), Self.model("why", requirements: [], explains: .model("wine")),
        Self.model("why-choice", requirements: [], explains: .pipeline("choice")),
        Self.model("wine-drift", requirements: ["mlserver", "alibi-detect"]),
        Self.model("wine-outlier", requirements: ["mlserver", "alibi-detect"]),
        Self.model("watch", requirements: ["alibi-detect"]), Self.model("wine-shap", requirements: ["sklearn"]),
      ], pipelines: [Self.pipeline])
    let roles = Dictionary(uniqueKeysWithValues: inventory.models(joining: []).map { ($0.id.name, $0.role) })
    #expect(roles["why"] == .explainer(of: "wine"))
    #expect(roles["why-choice"] == .explainer(of: "choice.pipeline"))
    #expect(roles["wine-drift"] == .driftDetector(of: "wine"))
    #expect(roles["wine-outlier"] == .outlierDetector(of: "wine"))
    #expect(roles["watch"] == .driftDetector(of: "choice.pipeline"))
    // It requires sklearn: whatever its name says, it predicts.
    #expect(roles["wine-shap"] == .predictor)
    let groups = ModelGroup.groups(of: inventory.models(joining: []))
    #expect(groups.map(\.id.name) == ["wine", "wine-shap", "choice.pipeline"])
    #expect(groups[0].attendants.map(\.name) == ["why", "wine-drift", "wine-outlier"])
    #expect(groups[2].explainers == [ModelID("why-choice")] && groups[2].driftDetectors == [ModelID("watch")])
  }

  @Test("joins what the data plane lists: its address, platform and signature, and what only it knows")
  func dataPlane() {
    let signature = Signature(inputs: [TensorSpec(name: "x", datatype: .fp64, shape: [-1, 2])], outputs: [])
    let listed = [
      Model(id: ModelID("a"), state: .ready, platform: "xgboost", signature: signature),
      Model(id: ModelID("b"), state: .stopped), Model(id: ModelID("stray"), state: .ready),
    ]
    let rows = Inventory(models: [Self.model("a"), Self.model("b")], pipelines: [Self.pipeline]).models(joining: listed)
    #expect(rows.map(\.id.name) == ["a", "b", "choice.pipeline", "stray"])
    #expect(rows[0].platform == "xgboost" && rows[0].signature == signature && rows[0].version == "1")
    #expect(rows[1].state == .degraded && rows[1].reason == "the service does not have it")
    #expect(rows[2].name == "choice" && rows[2].version == "3")
    #expect(rows[3].deployed == nil)
  }

  @Test("says what calls a model")
  func users() {
    let experiment = Experiment(
      name: "ab", candidates: [.init(name: "mul10", weight: 1)], mirror: .init(name: "sum", percent: 10))
    let rows = Inventory(
      models: [Self.model("mul10"), Self.model("sum")], pipelines: [Self.pipeline], experiments: [experiment]
    ).models(joining: [])
    #expect(rows[0].deployed?.usedBy == ["choice.pipeline", "ab.experiment"])
    #expect(rows[1].deployed?.usedBy == ["choice.pipeline", "ab.experiment"])
    #expect(rows.last?.id.name == "ab.experiment")
  }

  @Test("shows explainers whose model nobody lists by themselves")
  func orphans() {
    let models = [Model(id: ModelID("why"), state: .ready, role: .explainer(of: "gone"))]
    #expect(ModelGroup.groups(of: models).map(\.id.name) == ["why"])
  }

  @Test("draws a pipeline, those that give before those that take, with joins, triggers and batches")
  func drawing() {
    #expect(
      PipelineDrawing(Self.pipeline).text() == [
        "            in ──▶ is-one",
        "            in ──▶ watch (batch 20)",
        "            in ──▶ mul10 (when is-one)",
        "mul10 + is-one ──▶ sum (any) ──▶ out",
      ])
    #expect(PipelineDrawing(Self.pipeline).text(ascii: true).last == "mul10 + is-one --> sum (any) --> out")
  }

  @Test("draws cycles and repeated or dotted names without end")
  func oddPipelines() {
    let cycle = Pipeline(
      name: "p", steps: [.init(name: "a", inputs: ["b"]), .init(name: "b", inputs: ["a"]), .init(name: "a")])
    #expect(!PipelineDrawing(cycle).lines.isEmpty)
    let dotted = Pipeline(
      name: "p", steps: [.init(name: "v1"), .init(name: "v1.2"), .init(name: "c", inputs: ["v1.2.outputs.x"])])
    #expect(PipelineDrawing(dotted).lines.last?.sources == ["v1.2"])
    #expect(dotted.entrances.map(\.name) == ["v1", "v1.2"])
  }

  @Test("weights that are hostile make no share that overflows")
  func weights() {
    let experiment = Experiment(
      name: "e",
      candidates: [.init(name: "a", weight: .max), .init(name: "b", weight: .max), .init(name: "c", weight: -1)])
    #expect(experiment.candidates.map { experiment.percent(of: $0) } == [50, 50, 0])
    #expect(Experiment(name: "e", candidates: [.init(name: "a", weight: 0)]).candidates.count == 1)
  }
}
