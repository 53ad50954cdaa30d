"""How photos come in beside the app: the picker's routes and the plain page `/send`."""
