"""Addresses that a speaker alone has: what became of what they said."""

from django.urls import path

from harken.inputs.views import moderation, receipts

urlpatterns = [
    path("", receipts.own, name="own-inputs"),
    path("<str:token>/", receipts.receipt, name="receipt"),
    path("<str:token>/correct/", receipts.correct, name="receipt-correct"),
    path("<str:token>/language/", receipts.language, name="receipt-language"),
    path("<str:token>/withdraw/", receipts.withdraw, name="receipt-withdraw"),
    path("<str:token>/appeal/", moderation.appeal, name="input-appeal"),
]
