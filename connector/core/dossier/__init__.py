"""The dossier that a collection agency receives.

Facts of a handover (`facts`) become data and named files (`build`), a document for the press
(`document`) and one ZIP that can be verified on its own (`pack`, `verify`).
"""
