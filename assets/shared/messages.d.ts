// What the server tells the browser. Written from web/messages.py by tools/messages.py: change it there,
// then run `make format`.

/**
 * One metric of two runs. `factor` turns the stored number into the unit of the axis.
 *
 * optional: not shown where neither run has it. from_zero: the axis begins at 0.
 */
export interface AbChart {
  key: string
  metric: string
  axis: string
  help: CardHelp
  factor: number
  suffix: string
  optional: boolean
  from_zero: boolean
}

/** A milestone with this run beside it; `run` is None where the run has not come so far. */
export interface ArticleColumn {
  epoch: number
  error: number
  seen: string
  run: OwnColumn | null
}

/**
 * One card. A curve draws metrics over the epochs, the others a frame, the probe an answer of a worker.
 *
 * axis, sign: beside the axis and behind a number. guides: horizontal lines at these values; log: of the value axis;
 * verdicts: what a value up to each of these, in the unit of the axis, says of a layer, for the first of `series`;
 * only: the methods without which it has nothing to show (none: any), since the others lack what `lacks` names.
 */
export interface Card {
  key: string
  kind: "curve" | "hidden" | "histograms" | "singular" | "covariance" | "selectivity" | "probe" | "likelihood"
  help: CardHelp
  axis: string
  sign: string
  series: Series[]
  log: boolean
  guides: [number, string][]
  verdicts: [number | null, string][]
  only: string[]
  lacks: string
  more: boolean
}

/** What stands behind a card's (?), and in one line on it what is good. */
export interface CardHelp {
  question: string
  look: string
  formula: string
  unit: string
  split: string
  lies: string
  good: string
}

/** The held-out images behind a cell of a confusion matrix. */
export interface Cell {
  images: CellImage[]
}

/** A held-out image with the probability that it was given. */
export interface CellImage {
  number: number
  probability: number
  picture: string
}

/**
 * One chart. `weight` is its share of the height; `digits` its significant digits in hovers.
 *
 * `hover` is the unit behind a value, `{units}` in it the size of the layer; `suffix` the one behind axis numbers.
 * `name`: on the button that shows or hides it; `rank`: the lower, the sooner it is shown where not all have room.
 * `marked`: each number has a dot, since there are few of them. `from_zero`: the axis begins at 0, as that of errors
 * and counts.
 */
export interface Chart {
  key: string
  axis: string
  series: Series[]
  help: Help
  weight: number
  hover: string
  digits: number
  can_be_log: boolean
  suffix: string
  band: [number, number] | null
  name: string
  rank: number
  from_zero: boolean
  marked: boolean
}

/** `depth`: how many layers have begun to learn there. */
export interface Checkpoints {
  id: number[]
  step: number[]
  epoch: number[]
  depth: number[]
}

/** Of what the Classify page fetches of a run. */
export interface ClassifyAddresses {
  plotly: string
  classify: string
  diagnose: string
}

/** What a Classify view is handed. */
export interface ClassifyData {
  module: string
  texts: {
    opinions: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      lies: string
    }
    layers: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      lies: string
    }
    confusion: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      lies: string
    }
    mistakes: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      lies: string
    }
    map: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      lies: string
    }
    few: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      lies: string
    }
  }
  palette: Record<"light" | "dark", Palette>
  classes: Record<"light" | "dark", string[]>
  signs: string[]
  probe: Card
  view: "draw" | "mistakes" | "features" | "few"
  seen: string
  run: string
  addresses: ClassifyAddresses
  drawable: boolean
  most_bytes: number
  layers: number
  checkpoint: [number, number] | null
  images: string
}

/** Things that were kept, by rising step. */
export interface Columns {
  id: number[]
  step: number[]
  epoch: number[]
}

/** Of a run among others. */
export interface CompareAddresses {
  plotly: string
  filters: string
  news: string
}

/** What the Compare view is handed. */
export interface CompareData {
  module: string
  charts: Chart[]
  filters: Help
  palette: Record<"light" | "dark", Palette>
  sides: CompareSide[]
  ghosts: CompareSide[]
}

/** With all pictures of filters that the run has. */
export interface CompareNews {
  revision: string
  cursor: LiveCursor
  status: Status
  points: Record<string, [number[], (number | null)[]]>
  ghosts: Record<string, [number[], (number | null)[]]>
  marks: Mark[]
  waiting: string[]
  filters: Filters | null
  layers: Filters[]
  strip: Strip | null
  moments: Filters[]
}

/** One run. */
export interface CompareSide {
  run: string
  name: string
  status: string
  addresses: CompareAddresses
  stages: RecordedStage[]
}

/** Every classifier of a run at a checkpoint, on so many held-out images. */
export interface Confusion {
  names: string[]
  images: number
  epoch: number
  sign: string
  rows: ConfusionRow[]
  checkpoint?: number
}

/**
 * One classifier: % wrong with its standard deviation, loss in nats, and counts by true class and answer.
 *
 * classifier is its id, label its words. class_errors: % of each class, None where there is no image of it; worst:
 * (true class, answer) of the commonest.
 */
export interface ConfusionRow {
  classifier: string
  label: string
  error: number
  deviation: number
  loss: number
  confusion: number[][]
  class_errors: (number | null)[]
  mistakes: Mistake[]
  worst: number[]
}

/** Seconds that an estimate would take. `too_long`: it would be given up before it is done. */
export interface CostAnswer {
  seconds: number
  exact: boolean
  images: number
  too_long: boolean
}

/** `news` and `side`: the feeds of the Diagnose page and of one side of a pair; `diagnose`: of all else. */
export interface DiagnoseAddresses {
  plotly: string
  live: string
  filters: string
  strip: string
  csv: string
  news: string
  side: string
  diagnose: string
}

/** What the Diagnose view is handed. */
export interface DiagnoseData {
  module: string
  cards: Card[]
  palette: Record<"light" | "dark", Palette>
  run: string
  seen: string
  method: string
  together: boolean
  addresses: DiagnoseAddresses
  stages: RecordedStage[]
}

/** With frames of diagnostics (id, epoch, stage) and the newest checkpoint (id, epoch). */
export interface DiagnoseNews {
  revision: string
  cursor: LiveCursor
  status: Status
  points: Record<string, [number[], (number | null)[]]>
  ghosts: Record<string, [number[], (number | null)[]]>
  marks: Mark[]
  waiting: string[]
  filters: Filters | null
  layers: Filters[]
  strip: Strip | null
  frames: [number, number, string][]
  checkpoint: [number, number] | null
}

/**
 * A dream as far as it was dreamt: of each new picture its step, temperature and the chains' free energies, nats.
 *
 * ready: pictures there are, of `pictures`; classes: of the columns; seconds: that workers have computed; computed:
 * the last step.
 */
export interface DreamNews {
  key: string
  ready: number
  pictures: number
  steps: number[]
  temperature: (number | null)[]
  free_energy: number[][]
  columns: number
  rows: number
  classes: number[]
  seconds: number
  computed: number
}

/**
 * A log-likelihood that somebody has asked for, and how far it is; what was found once it is done.
 *
 * checkpoint: 0 for the one that the run was evaluated with. metrics: nats per image; an end of an interval that is
 * infinite is None.
 */
export interface Estimate {
  checkpoint: number
  chains: number
  temperatures: number
  state: "waiting" | "running" | "done" | "failed"
  expected: number
  elapsed: number
  problem: string
  metrics?: Record<string, number | null>
  images?: number
  binarisation?: string
  kind?: string
  unit?: string
  warning?: string
  seconds?: number
  epoch?: number
  stage?: string
}

/** Images at one end of a unit's activity, as a data address, and the range of that activity. */
export interface Extremes {
  picture: string
  from: number | null
  to: number | null
}

/** Of what the Features page fetches of a run. */
export interface FeatureAddresses {
  plotly: string
  live: string
  csv: string
  features: string
}

/**
 * Images by place. `sheet`: all of them as one picture of `columns` tiles a row, `tile` (height, width) px each.
 *
 * explained: share of the variance on each axis; agreement: % of the nearest neighbours of the same class.
 */
export interface FeatureMap {
  x: number[]
  y: number[]
  labels: number[]
  names: string[]
  explained: number[] | null
  agreement: number | null
  units: number
  stack: string
  epoch: number
  sheet: string
  columns: number
  tile: number[]
}

/** What the Features view is handed. */
export interface FeaturesData {
  module: string
  charts: Chart[]
  texts: {
    localisation: {
      question: string
      look: string
      formula: string
      split: string
      unit: string
    }
    scale: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    layer: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    histograms: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    film: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    figures: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    responds: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    excites: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    activity: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    parts: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    wholes: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
    }
    article: {
      question: string
      look: string
      formula: string
      unit: string
      split: string
      rows: [string, string][]
    }
  }
  palette: Record<"light" | "dark", Palette>
  run: string
  epochs: number
  addresses: FeatureAddresses
  stages: RecordedStage[]
  panels: LayerPanel[]
}

/** The experiment so far: how many trainings are done, of all. */
export interface FewLabels {
  done: number
  all: number
  axis: string
  sign: string
  methods: FewLabelsLine[]
}

/** One method. */
export interface FewLabelsLine {
  method: string
  title: string
  points: FewLabelsPoint[]
}

/** With the results of the few-labels experiment so far. */
export interface FewLabelsNews {
  revision: string
  cursor: LiveCursor
  status: Status
  points: Record<string, [number[], (number | null)[]]>
  ghosts: Record<string, [number[], (number | null)[]]>
  marks: Mark[]
  waiting: string[]
  filters: Filters | null
  layers: Filters[]
  strip: Strip | null
  few: FewLabels
}

/** The errors of one method with so many labels, in % by seed. */
export interface FewLabelsPoint {
  labels: number
  mean: number
  spread: number
  errors: number[]
}

/**
 * Everything that the scrubber can show, the table of the source article and what this run's own numbers say.
 *
 * found: of each layer of the DBN, from the first up, what its newest pictures show; "" where nothing is known yet.
 */
export interface Film {
  positions: Positions
  layers: LayerFilm[]
  checkpoints: Checkpoints
  revision: string
  article: ArticleColumn[]
  verdict: string[]
  found: string[]
}

/**
 * A picture of filters.
 *
 * stage: its key; label: the stage in words. depth: of the layer, 0 where it is none. what: whose units, in words;
 * of: how many units there are. responds: it shows what they respond to, else weights. scale: of the weights, or of
 * the ink above and below the mean image. states: of units that take no part, as last diagnosed.
 */
export interface Filters {
  id: number
  stage: string
  label: string
  depth: number
  what: string
  epoch: number
  units: number
  of: number
  height: number
  width: number
  colour: boolean
  scale: number | null
  responds: boolean
  states: UnitStates | null
}

/** One moment of a layer as the cards draw it. `dead`, `always_on`: numbers of units; `shown`: (cases, units). */
export interface FrameData {
  epoch: number
  stage: string
  step: number
  units: number
  dead: number[]
  always_on: number[]
  activity: number[]
  lifetime: number[]
  shown: number[]
  histograms: Record<string, Shares>
  singular: number[]
  covariance: number[]
}

/** `ask`: of questions about a run; `dreams`, `quality`: below them lies what was asked for, by its key. */
export interface GenerateAddresses {
  plotly: string
  ask: string
  dreams: string
  quality: string
}

/** What the Generate view is handed. */
export interface GenerateData {
  module: string
  texts: {
    dream: {
      help: {
        question: string
        look: string
        formula: string
        unit: string
        lies: string
      }
      coming: string
      empty: string
      tips: {
        label: string
        no_labels: string
        start: string
        keep: string
        temperature: string
        start_temperature: string
        rows: string
        steps: string
        seed: string
        other_seed: string
        other: string
      }
      keep_exact: string
      keep_deep: string
      drawing: string
      no_drawing: string
      no_image: string
      energy: {
        help: {
          question: string
          look: string
          formula: string
          unit: string
          lies: string
          split: string
        }
        empty: string
        axis: string
        sign: string
      }
    }
    interpolation: {
      help: {
        question: string
        look: string
        formula: string
        unit: string
        lies: string
      }
      class: string
      another: string
      empty: string
    }
    quality: {
      help: {
        question: string
        look: string
        unit: string
        lies: string
      }
      vae: string
      empty: string
      no_vae: string
      no_judge: string
      pairs: {
        help: {
          question: string
          look: string
          formula: string
          unit: string
          lies: string
        }
      }
      measures: {
        key: string
        group: string
        ideal: string
        question: string
        look: string
        formula: string
        lies: string
        unit: string
        split: string
        label: string
        digits: number
      }[]
      sharpness: {
        laplacian: {
          question: string
          axis: string
          look: string
          formula: string
          unit: string
          lies: string
        }
        grey: {
          question: string
          axis: string
          look: string
          formula: string
          unit: string
          lies: string
        }
        ink: {
          question: string
          axis: string
          look: string
          formula: string
          unit: string
          lies: string
        }
      }
    }
  }
  palette: Record<"light" | "dark", Palette>
  scored: Scored
  run: string
  checkpoint: number
  addresses: GenerateAddresses
  dreams: boolean
  labels: boolean
  words: string
  deep: boolean
  own_vae: boolean
  vaes: OtherRun[]
  classes: string[]
  columns: number
  most_bytes: number
}

/** What stands behind a chart's (?). */
export interface Help {
  question: string
  look: string
  formula: string
  unit: string
  split: string
}

/** Counts over equal bins from `low` to `high`. */
export interface Histogram {
  counts: number[]
  low: number | null
  high: number | null
}

/** Pictures from one image to another: through the network and plainly mixed, and each row's steps' distances. */
export interface Interpolation {
  through: string
  plain: string
  count: number
  distance: (number | null)[][]
}

/** The small network that measures distances: % of held-out images wrong, and how many images it has seen. */
export interface Judge {
  error: number
  fitted: number
  heldout: number
}

/** A picture of units by another way, made by a worker or recorded beside the film. `scale`: as of a film. */
export interface KeptProjection {
  id: number
  step: number
  epoch: number
  projection: "response_average" | "most_exciting" | "linear_combination" | "activation_maximisation" | "clamp_and_sample_down" | "weights" | "generative_weights" | "decoder_weights" | ""
  signed: boolean
  scale: number | null
  shown: number
}

/** What the list of keys is handed. */
export interface KeysData {
  module: string
  page: string
  keys: [string, string][]
}

/**
 * One film. `shown`: units that have pictures; `projection`: what they show, `drawn` in words; `filmed`: the other
 * projections that were recorded from the layer's beginning; `film`: a few places of `pictures`.
 */
export interface LayerFilm {
  stage: string
  label: string
  depth: number
  units: number
  shown: number
  height: number
  width: number
  colour: boolean
  projection: "response_average" | "most_exciting" | "linear_combination" | "activation_maximisation" | "clamp_and_sample_down" | "weights" | "generative_weights" | "decoder_weights" | ""
  drawn: string
  filmed: ("response_average" | "most_exciting" | "linear_combination" | "activation_maximisation" | "clamp_and_sample_down" | "weights" | "generative_weights" | "decoder_weights" | "")[]
  pictures: Pictures
  film: number[]
  frames: Columns
  projections: KeptProjection[]
}

/** One moment of a layer. `orders`: for each measure, units by falling value; `states`: of units without a part. */
export interface LayerFrame {
  step: number
  epoch: number
  stage: string
  histograms: Record<string, Histogram>
  orders: Record<string, number[]>
  states: UnitStates
}

/** One film: a layer (`depth` from 1), or the decoder of a VAE (0). */
export interface LayerPanel {
  label: string
  depth: number
  pretrained: boolean
  projections: ProjectionChoice[]
}

/**
 * What one layer makes of an image.
 *
 * activity: of each unit, 0 to 255, as bytes in base64, in rows of `columns`, and as a picture; mean: of it, 0 to 1;
 * reconstruction: from this layer down, with its squared error per pixel, None where there is none; strongest: units
 * that exceed their usual activity most, `above` by how much, with their filters in one picture.
 */
export interface LayerSight {
  units: number
  columns: number
  activity: string
  picture: string
  mean: number
  reconstruction: string | null
  error: number | null
  strongest: number[]
  above: number[]
  filters: string
  filter_columns: number
}

/** What has changed in a run. `ghosts`: curves of its parent; `waiting`: commands not yet obeyed, in words. */
export interface Live {
  revision: string
  cursor: LiveCursor
  status: Status
  points: Record<string, [number[], (number | null)[]]>
  ghosts: Record<string, [number[], (number | null)[]]>
  marks: Mark[]
  waiting: string[]
  filters: Filters | null
  layers: Filters[]
  strip: Strip | null
}

/** Ids of the last rows that a page has, of each kind: what it sends back with its next question. */
export interface LiveCursor {
  metric: number
  command: number
  ghost: number
  frame?: number
}

/** What the live view is handed. */
export interface LiveData {
  module: string
  charts: Chart[]
  texts: PictureTexts
  palette: Record<"light" | "dark", Palette>
  run: string
  seen: string
  poke: number
  addresses: RunAddresses
  stages: RecordedStage[]
}

/** A command that was obeyed, and where it took effect; `problem` says why it was not. */
export interface Mark {
  epoch: number | null
  step: number | null
  text: string
  problem: string
}

/** Curves of how local and how coarse the filters are; `cursor`: to go on with; `more`: whether to. */
export interface Measures {
  cursor: number
  more: boolean
  points: Record<string, [number[], (number | null)[]]>
}

/** `sets`: below it lie the data sets, by name. */
export interface MicroscopeAddresses {
  sets: string
}

/** What the Microscope view is handed. */
export interface MicroscopeData {
  module: string
  sets: Record<string, string>
  texts: {
    figures: {
      likelihood: string
      best: string
      gap: string
      logz: string
      gradient: string
      updates: string
      time: string
    }
    panels: {
      model: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      states: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      energies: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      likelihood: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      gradient: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      annealing: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      temperature: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      figures: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
      training: {
        question: string
        look: string
        formula: string
        unit: string
        split: string
        lies: string
      }
    }
    lessons: ({
      title: string
      text: string
      set: {
        set: string
        hidden: number
        seed: number
        temperature: number
        method: string
        rate: number
        fresh: boolean
      }
    } | {
      title: string
      text: string
      set: {
        temperature: number
      }
    } | {
      title: string
      text: string
      set: {
        temperature: number
        temperatures: number
      }
    })[]
  }
  palette: Record<"light" | "dark", Palette>
  addresses: MicroscopeAddresses
}

/** A held-out image given a wrong class, and how sure of it the classifier was. */
export interface Mistake {
  number: number
  truth: number
  answer: number
  probability: number
  picture: string
}

/** Samples above their nearest training images, as data addresses, and their distances. */
export interface Neighbours {
  own: string
  nearest: string
  count: number
  distance: (number | null)[]
}

/** What one classifier says of an image: a probability for each class. */
export interface Opinion {
  id: string
  label: string
  probabilities: number[]
}

/** A run that can be chosen. */
export interface OtherRun {
  id: string
  name: string
}

/**
 * A run's first layer at an epoch of the article.
 *
 * Errors: `mse` squared error per pixel, `root` its square root, `cross_entropy` nats per pixel; `localisation` the
 * share of the image in per cent; `scale` pixels; both of the picture, which is None where none was kept.
 */
export interface OwnColumn {
  picture: number | null
  epoch: number
  mse: number | null
  root: number | null
  cross_entropy: number | null
  localisation: number | null
  scale: number | null
}

/** What the A/B view is handed. */
export interface PairData {
  module: string
  charts: AbChart[]
  palette: Record<"light" | "dark", Palette>
  sides: PairSide[]
}

/** One run; `label`: A or B, and what it is called. */
export interface PairSide {
  run: string
  label: string
  addresses: DiagnoseAddresses
  stages: RecordedStage[]
}

/** Colours of a theme as pages are told them. `stops`: see `stops`. */
export interface Palette {
  page: string
  ink: string
  layers: string[]
  stops: Record<"signed" | "grey", string[]>
}

/** A unit of the layer below, and its filter as strong as its weight makes it. */
export interface Part {
  unit: number
  weight: number | null
  picture: string
}

/** Help of the two pictures. */
export interface PictureTexts {
  mosaic: Help
  strip: Help
}

/** Pictures of filters. `scale`: of the weights; `tuned`: how those from after pretraining came about, else "". */
export interface Pictures {
  id: number[]
  step: number[]
  epoch: number[]
  scale: (number | null)[]
  tuned: string[]
}

/** Every moment at which something was drawn; `stage` in words; `tuning`: it tunes what pretraining left. */
export interface Positions {
  step: number[]
  epoch: number[]
  stage: string[]
  tuning: boolean[]
}

/** Errors in % of simple classifiers on each layer's features, and at which epoch, in which stage. */
export interface ProbeAnswer {
  rows: ProbedFeatures[]
  fitted: number
  judged: number
  neighbours: number
  epoch: number
  stage: string
}

/** Errors on held-out images in % of two classifiers that read `features`: "pixels", "layer 1", ... */
export interface ProbedFeatures {
  features: string
  units: number
  knn_error: number
  logistic_error: number
}

/** Any question that could not be answered: why, in sentences. */
export interface Problem {
  problem: string
}

/** A way to draw units, and its words. */
export interface ProjectionChoice {
  id: "response_average" | "most_exciting" | "linear_combination" | "activation_maximisation" | "clamp_and_sample_down" | "weights" | "generative_weights" | "decoder_weights" | ""
  label: string
}

/** A projection is in the store now. */
export interface ProjectionKept {
  id: number
  step: number
}

/** Dreams beside real images, noise, copies and a VAE; `reference`: training images that all are compared with. */
export interface Quality {
  rows: QualityRow[]
  pairs: Neighbours
  pairs_of: string
  histograms: Record<string, Sharpness>
  judge: Judge | null
  count: number
  reference: number
  steps: number
  seed: number
  scored: string
  classes: number
  epoch: number
}

/** Under which the answer will be found. */
export interface QualityKey {
  key: string
}

/** The answer, or how far it is, in words. */
export interface QualityNews {
  answer?: Quality
  phase?: string
}

/** One source of images; a measure is None where it does not apply. */
export interface QualityRow {
  key: string
  title: string
  measures: Record<string, number | null>
}

/**
 * One image before a network. `fitted`: images that the probe has seen, 0 where it is none; `number`, `label`: of a
 * held-out image; `stack`: whose layers these are.
 */
export interface Recognition {
  names: string[]
  classifiers: Opinion[]
  fitted: number
  number: number | null
  label: number | null
  seen: string
  stack: string
  epoch: number
  layers: LayerSight[]
}

/**
 * One name under which a run records.
 *
 * units: of the layer whose activity it measures, 0 where it measures none. charts: keys of the live charts
 * (`view.curves`) that have a line of this stage.
 */
export interface RecordedStage {
  key: string
  label: string
  units: number
  charts: string[]
}

/** Where it took effect; `problem`: why it was refused, else "". Without a stage it was never obeyed. */
export interface ReplayCommand {
  text: string
  sent: string
  stage: string
  step: number | null
  epoch: number | null
  problem: string
}

/** What a replay file holds. `notes`: what was left out of it; `originals`: pictures that strips share. */
export interface ReplayData {
  run: ReplayRun
  settings: ReplaySetting[]
  stages: ReplayStage[]
  charts: Chart[]
  others: Record<string, ReplayMetric>
  texts: PictureTexts
  numbers: ReplayNumbers
  commands: ReplayCommand[]
  palette: Record<"light" | "dark", Palette>
  notes: string[]
  moments: ReplayMoment[]
  originals: string[]
}

/** How to draw a metric that no chart has. */
export interface ReplayMetric {
  title: string
  axis: string
  factor: number
  suffix: string
}

/**
 * A mosaic of `units` filters (of `of` units of `what`), each `height` by `width`; `scale`: the largest weight, or
 * with `responds` the most ink above or below the mean image.
 */
export interface ReplayMoment {
  stage: string
  step: number
  epoch: number
  what: string
  of: number
  colour: boolean
  units: number
  columns: number
  rows: number
  height: number
  width: number
  scale: number
  responds: boolean
  src: string
  strip?: ReplayStrip
}

/** `rows`: one for each moment in the order of measuring: update, epoch, place of the stage, then the columns. */
export interface ReplayNumbers {
  columns: string[]
  rows: (number | string | null)[][]
}

/** The run itself; `state` in words, `tone` its colour. */
export interface ReplayRun {
  id: string
  name: string
  note: string
  state: string
  tone: "live" | "calm" | "good" | "warning" | "bad"
  facts: string[]
  explanation: string
  epochs: number
  created: string
}

/** `usual`: it has its default, for all layers. */
export interface ReplaySetting {
  key: string
  label: string
  value: string
  unit: string
  usual: boolean
}

/** `units`: of the layer whose activity it measures, 0 where it measures none. */
export interface ReplayStage {
  key: string
  label: string
  units: number
}

/** `originals`: the place of that picture among those of the file. */
export interface ReplayStrip {
  stage: string
  step: number
  epoch: number
  cases: number
  height: number
  width: number
  colour: boolean
  originals: number
  src: string
}

/** Of what a live page fetches of a run; pictures are at an address below `filters` and `strip`. */
export interface RunAddresses {
  plotly: string
  live: string
  filters: string
  strip: string
  csv: string
}

/** Nothing has changed. */
export interface SameFilm {
  revision: string
}

/** How many images of how many Gibbs steps are scored. */
export interface Scored {
  images: number
  steps: number
}

/**
 * One metric in a chart; held-out data are dashed. `factor` turns the stored number into the unit of the axis.
 *
 * `dots`: points without a line between them, for what is measured now and then; `dotted`: a finer dash.
 */
export interface Series {
  metric: string
  name: string
  dashed: boolean
  factor: number
  dots: boolean
  dotted: boolean
}

/** A histogram: shares in % over equal bins from `low` to `high`. */
export interface Shares {
  name: string
  low: number
  high: number
  share: number[]
}

/** A measure of sharpness: shares over equal bins from `low` to `high`, by the key of the row. */
export interface Sharpness {
  low: number
  high: number
  shares: Record<string, (number | null)[]>
}

/** What a run is doing. `share`: the finished part of it, 0 to 1; `stages`: keys of those in training. */
export interface Status {
  state: string
  tone: "live" | "calm" | "good" | "warning" | "bad"
  headline: string
  facts: string[]
  explanation: string
  share: number
  alive: boolean
  epoch: number
  step: number
  epochs: number
  stages: string[]
}

/** Originals above reconstructions. `depth`: through what, in words. */
export interface Strip {
  id: number
  epoch: number
  depth: string
  cases: number
  height: number
  width: number
}

/** Distinct patterns, each the number of its bits, and how often each comes; `shape`: rows and columns. */
export interface TinySet {
  name: string
  title: string
  kind: "image" | "plane"
  shape: [number, number]
  bits: number
  patterns: number[]
  counts: number[]
  about: string
}

/** One unit through frames, as columns. */
export interface UnitHistory {
  id: number[]
  step: number[]
  epoch: number[]
  norm: (number | null)[]
  bias: (number | null)[]
  activity: (number | null)[]
}

/**
 * What excites a unit, and what it is made of where there are layers below and above it.
 *
 * responds, best_mean: pictures, of what it responds to and of the mean of the `best` images that excite it most;
 * answers_to: in words, which classes these are of, empty without classes.
 */
export interface UnitLife {
  cases: number
  epoch: number
  responds: string
  best: number
  best_mean: string
  answers_to: string
  histogram: number[]
  most: Extremes
  least: Extremes
  parts?: Part[]
  wholes?: Whole[]
}

/** Numbers of units at one moment. `constant`: those that never change, at whatever probability in between. */
export interface UnitStates {
  dead: number[]
  always_on: number[]
  constant: number[]
}

/** A unit of the layer above. */
export interface Whole {
  unit: number
  weight: number | null
}
