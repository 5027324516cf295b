"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, Metric, amount, change, share
from audit.tasks.scores import CLASS, DENSITY, GAMMA, SATURATED, SCORES

METRICS = (
    *SCORES,
    SATURATED,
    DENSITY,
    share("clipped_fraction", "share of pixels that are clipped", ""),
    change("iou_lost", "IoU lost"),
    share("dark_foreground_fraction", "share of the blackness that is foreground", "lower"),
    Metric(name="snr_db", words="signal to noise", unit="dB"),
    Metric(name="spectrum_slope", words="slope of the spectrum"),
    Metric(name="background_counts", words="background", unit="counts"),
    amount("noise_counts", "noise", "counts"),
    amount("object_diameter_px", "diameter of objects", "px"),
    amount("photons", "photons in bright pixels"),
    amount("sigma_px", "width of the blur", "px"),
    amount("sigma_um", "width of the blur", "µm"),
    share("contrast_fraction", "contrast, as a share of the range", ""),
    Metric(name="saturated_percent", words="saturated pixels", unit="%", low=0.0, high=100.0),
    amount("tilt_percent", "tilt of the light", "%"),
    Metric(name="vignette_percent", words="dark corners", unit="%"),
)

CONDITIONS = (
    CLASS,
    GAMMA,
    Condition(name="photons", words="photons in bright pixels", unit="photons"),
    Condition(name="sigma_um", words="width of the blur, sigma in µm", unit="µm"),
    Condition(name="disc_radius_um", words="disc radius (µm)"),
    Condition(name="length_px", words="length (px)"),
    Condition(name="direction_deg", words="direction (°)"),
    Condition(name="percent", words="percent", unit="%", neutral=0.0),
    Condition(name="shape", words=""),
    Condition(name="along", words="along"),
    Condition(name="gain", words="gain", neutral=1.0),
    Condition(
        name="pedestal_fraction",
        words="pedestal, in ranges of the image",
        unit="of the range added",
        neutral=0.0,
    ),
    Condition(name="export_bits", words="export bits", unit="bits"),
    Condition(name="inverted", words="inverted"),
    Condition(name="bits", words="bits", unit="bits"),
    Condition(name="quality", words="JPEG quality"),
    Condition(name="fraction", words="fraction", unit="of the field", neutral=0.0),
    Condition(name="dataset", words="dataset", identity=True),
    Condition(name="part", words="part", identity=True),
)
