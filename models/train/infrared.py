"""Trains the network of infrared liveness on simulated pictures and writes models/source/lite/infrared.onnx.

    python infrared.py --pictures FILE --output infrared.onnx [--checkpoint FILE] [--without SPECIES]

FILE is what `infrared dump` of the simulator wrote. With a checkpoint, a run that was stopped goes on where it was, and
ends with the same weights. `--without` leaves a species out and only reports what becomes of it.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import export
from augment import augment, shown

SEED = 20
EPOCHS = 14
BATCH = 32
RATE = 2e-3
LIVE = ("live", "child")

# One picture in so many is never trained on, and judged at the end.
HELD_OUT = 8


class Block(nn.Module):
    """Two convolutions of 3 by 3, the second one beside a way around both."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv(channels, channels, 1)
        self.second = nn.Sequential(*list(conv(channels, channels, 1))[:2])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.second(self.first(x)))


def conv(into: int, out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU()
    )


class Network(nn.Module):
    """80 by 80 pixels of lamp, luminance and room; one logit of a living face. 3.5 million multiply-adds."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(3, 8, 2),
            conv(8, 16, 2),
            Block(16),
            conv(16, 32, 2),
            conv(32, 48, 2),
        )
        self.head = nn.Linear(48, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.head(x)


def read(path: Path) -> tuple[list[str], torch.Tensor, torch.Tensor]:
    """Names of species, the species of each picture, and pictures of four planes."""
    data = path.read_bytes()
    end = data.index(b"\n")
    word, side, *names = data[:end].decode().split()
    if word != "vultus-infrared-1":
        raise SystemExit(f"{path}: not a file of pictures")
    side = int(side)
    records = np.frombuffer(data, np.uint8, offset=end + 1).reshape(-1, 1 + 4 * side * side)
    planes = records[:, 1:].reshape(-1, 4, side, side)
    return names, torch.from_numpy(records[:, 0].astype(np.int64)), torch.from_numpy(planes.copy())


def multiply_adds(network: nn.Module) -> int:
    """Of one picture."""
    total = 0

    def count(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal total
        total += layer.weight.numel() * out.shape[-1] * (out.shape[-2] if out.dim() == 4 else 1)
        total -= layer.weight.numel() * (out.shape[-1] - 1) if out.dim() == 2 else 0

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    network(torch.zeros(1, 3, 80, 80))
    for hook in hooks:
        hook.remove()
    return total


def weights(species: torch.Tensor, live: torch.Tensor) -> torch.Tensor:
    """Living faces and artefacts count the same, and so does each species of either."""
    counts = torch.bincount(species).clamp(min=1).float()
    each = 1.0 / counts[species]
    for side in (live, ~live):
        each[side] *= 0.5 / each[side].sum()
    return each * len(each)


def train(args: argparse.Namespace) -> None:
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    names, species, pictures = read(args.pictures)
    live = torch.tensor([name in LIVE for name in names])[species]
    if args.without and args.without not in names:
        raise SystemExit(f"{args.without} is none of {', '.join(names)}")
    left_out = torch.tensor([name == args.without for name in names])[species]
    held = torch.arange(len(species)) % HELD_OUT == 0
    rows = torch.nonzero(~held & ~left_out).flatten()
    share = weights(species[rows], live[rows])
    network = Network()
    print(f"{len(rows)} pictures, {sum(p.numel() for p in network.parameters())} weights, "
          f"{multiply_adds(network) / 1e6:.2f} million multiply-adds")
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3)
    steps = args.epochs * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    first = 0
    if args.checkpoint and args.checkpoint.exists():
        state = torch.load(args.checkpoint, weights_only=True)
        first = state["epoch"]
        for part, value in ((network, "network"), (optimiser, "optimiser"), (schedule, "schedule")):
            part.load_state_dict(state[value])
    for epoch in range(first, args.epochs):
        # Chance is of the epoch, so that a run that goes on is the one that was stopped.
        chance = torch.Generator().manual_seed(SEED * 1000 + epoch)
        began, sum_loss = time.monotonic(), 0.0
        network.train()
        order = torch.randperm(len(rows), generator=chance)
        for batch in order.split(BATCH):
            inputs = augment(pictures[rows[batch]], live[rows[batch]], chance)
            logits = network(inputs).flatten()
            wanted = live[rows[batch]].float() * 0.96 + 0.02
            loss = F.binary_cross_entropy_with_logits(logits, wanted, share[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            sum_loss += loss.item() * len(batch)
        print(f"epoch {epoch + 1}: loss {sum_loss / len(rows):.4f}, {time.monotonic() - began:.0f} s", flush=True)
        if args.checkpoint:
            torch.save({"epoch": epoch + 1, "network": network.state_dict(),
                        "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}, args.checkpoint)
    report(network.eval(), names, species, live, pictures, held | left_out)
    if args.output:
        export.write(network, args.output, inputs=3, side=80)


@torch.no_grad()
def report(network: nn.Module, names: list[str], species: torch.Tensor, live: torch.Tensor,
           pictures: torch.Tensor, rows: torch.Tensor) -> None:
    """Shares of artefacts accepted where 2 % of the living are refused, over pictures that were not trained on."""
    for pair in (True, False):
        logits = torch.cat([network(shown(part, pair)).flatten() for part in pictures.split(256)])
        threshold = logits[rows & live].quantile(0.02)
        print("pair" if pair else "lit alone", f"threshold {threshold.sigmoid():.3f}")
        for number, name in enumerate(names):
            chosen = rows & (species == number)
            passed = (logits[chosen] >= threshold).float().mean()
            print(f"  {name}: {passed:.3f} of {int(chosen.sum())} pass")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--without", metavar="SPECIES")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())
