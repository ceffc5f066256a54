"""What every adapter of a port does, one suite a port: fakes, simulated and real ones are held to the same.

A suite is a class of tests that asks a fixture `bench` for an adapter and for the world's side of it. The tests of
the adapters (tests/node/adapters) run it on fakes, on simulated parts and on real ones with mock pins, pipes and a bus
decoder; the virtual machine (tests/hil/inside/test_conformance.py) runs it on the kernel's drivers. A simulated post
has the real journal, clock, way to the hub and supervisor, and no button beside the keys of its page.
"""
